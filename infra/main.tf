# Everything around the functions: who they are, what they may touch, what wakes them, where they remember, who is told
# when they fail. The functions themselves, and who may call them, belong to deploy.py: docs/decisions/0003-who-deploys-what.md.

terraform {
  required_version = ">= 1.7"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.50"
    }
  }
  backend "gcs" {
    prefix = "koppelingen"
  }
}

provider "google" {
  project = var.project
  region  = var.region
}

locals {
  # One line a function; deploy.py reads the same file.
  functions = jsondecode(file("${path.module}/functions.json"))

  # Cloud Run gives every service this address before it exists, so the schedule and the subscription need not wait for it.
  url = { for name, _ in local.functions : name => "https://${name}-${var.project_number}.${var.region}.run.app" }
}

resource "google_project_service" "api" {
  for_each = toset([
    "artifactregistry", "cloudbuild", "cloudfunctions", "cloudscheduler", "firestore", "iam",
    "logging", "monitoring", "pubsub", "run", "secretmanager",
  ])
  service            = "${each.key}.googleapis.com"
  disable_on_destroy = false
}
