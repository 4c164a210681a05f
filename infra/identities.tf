# One identity a function, with the rights its line in functions.json names; and two that may only call.

resource "google_service_account" "function" {
  for_each     = local.functions
  account_id   = "fn-${each.key}"
  display_name = "The function ${each.key}"
  depends_on   = [google_project_service.api]
}

resource "google_service_account" "caller" {
  for_each     = { scheduler = "Cloud Scheduler, to wake tick and retain", push = "Pub/Sub, to hand over messages" }
  account_id   = "call-${each.key}"
  display_name = each.value
  depends_on   = [google_project_service.api]
}

resource "google_project_iam_member" "data" {
  for_each = merge([
    for name, function in local.functions : { for role in function.roles : "${name} ${role}" => { name = name, role = role } }
  ]...)
  project = var.project
  role    = each.value.role
  member  = google_service_account.function[each.value.name].member
}

resource "google_pubsub_topic_iam_member" "publisher" {
  for_each = merge([
    for name, function in local.functions : { for topic in function.publishes : "${name} ${topic}" => { name = name, topic = topic } }
  ]...)
  topic  = google_pubsub_topic.work[each.value.topic].id
  role   = "roles/pubsub.publisher"
  member = google_service_account.function[each.value.name].member
}

# Secrets of schools are made while we run, so rights go by name: "webuntis-" a password, "webhook-" what a school's
# messages are signed with, "smtp-" the mail server's password (SMTP_SECRET). IAM knows secrets by the project's number.
locals {
  secrets_of = {
    for name, function in local.functions : name => join(" || ", [
      for prefix in function.prefixes : "resource.name.startsWith(\"projects/${var.project_number}/secrets/${prefix}\")"
    ])
  }
}

resource "google_project_iam_member" "read_secrets" {
  for_each = { for name, function in local.functions : name => function if contains(["read", "manage"], function.secrets) }
  project  = var.project
  role     = "roles/secretmanager.secretAccessor"
  member   = google_service_account.function[each.key].member
  condition {
    title      = "its own secrets only"
    expression = local.secrets_of[each.key]
  }
}

resource "google_project_iam_member" "manage_secrets" {
  for_each = { for name, function in local.functions : name => function if contains(["retire", "manage"], function.secrets) }
  project  = var.project
  role     = "roles/secretmanager.secretVersionManager"
  member   = google_service_account.function[each.key].member
  condition {
    title      = "its own secrets only"
    expression = local.secrets_of[each.key]
  }
}

# Making a secret is asked of the project, where a condition on the secret's name never holds: so this right alone, bare.
resource "google_project_iam_custom_role" "create_secrets" {
  role_id     = "koppelingenCreateSecrets"
  title       = "Make secrets, without reading or changing any"
  permissions = ["secretmanager.secrets.create"]
}

resource "google_project_iam_member" "create_secrets" {
  for_each = { for name, function in local.functions : name => function if function.secrets == "manage" }
  project  = var.project
  role     = google_project_iam_custom_role.create_secrets.name
  member   = google_service_account.function[each.key].member
}
