# What wakes the functions: the clock wakes tick, refresh and retain; a function with the caller "push" has a topic and a subscription of
# its own name, and messages of those three wake link-school, refresh-week and retain-school that way; what fails five times is set aside.

locals {
  pushed       = toset([for name, function in local.functions : name if function.caller == "push"])
  pubsub_agent = "serviceAccount:service-${var.project_number}@gcp-sa-pubsub.iam.gserviceaccount.com"
  dead_days    = 31 # the longest Pub/Sub keeps anything
}

resource "google_cloud_scheduler_job" "tick" {
  name             = "tick"
  region           = var.region
  schedule         = "*/30 * * * *"
  time_zone        = "Europe/Amsterdam"
  attempt_deadline = "300s"
  retry_config {
    retry_count          = 3
    min_backoff_duration = "30s"
    max_backoff_duration = "300s"
  }
  http_target {
    http_method = "POST"
    uri         = local.url["tick"]
    oidc_token {
      service_account_email = google_service_account.caller["scheduler"].email
      audience              = local.url["tick"]
    }
  }
  depends_on = [google_project_service.api]
}

# WebUntis asks not to be called about lessons more often than hourly; not on the hour, when everybody does.
resource "google_cloud_scheduler_job" "refresh" {
  name             = "refresh"
  region           = var.region
  schedule         = "17 * * * *"
  time_zone        = "Europe/Amsterdam"
  attempt_deadline = "300s"
  retry_config {
    retry_count          = 3
    min_backoff_duration = "30s"
    max_backoff_duration = "300s"
  }
  http_target {
    http_method = "POST"
    uri         = local.url["refresh"]
    oidc_token {
      service_account_email = google_service_account.caller["scheduler"].email
      audience              = local.url["refresh"]
    }
  }
  depends_on = [google_project_service.api]
}

# At night, when nobody looks at logs: what is past its retention period goes, in every school.
resource "google_cloud_scheduler_job" "retain" {
  name             = "retain"
  region           = var.region
  schedule         = "40 3 * * *"
  time_zone        = "Europe/Amsterdam"
  attempt_deadline = "300s"
  retry_config {
    retry_count          = 3
    min_backoff_duration = "30s"
    max_backoff_duration = "300s"
  }
  http_target {
    http_method = "POST"
    uri         = local.url["retain"]
    oidc_token {
      service_account_email = google_service_account.caller["scheduler"].email
      audience              = local.url["retain"]
    }
  }
  depends_on = [google_project_service.api]
}

resource "google_pubsub_topic" "work" {
  for_each                   = local.pushed
  name                       = each.key
  message_retention_duration = "86400s"
  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }
  depends_on = [google_project_service.api]
}

resource "google_pubsub_subscription" "work" {
  for_each                   = local.pushed
  name                       = each.key
  topic                      = google_pubsub_topic.work[each.key].id
  ack_deadline_seconds       = 600 # the most there is, and longer than any function may take
  message_retention_duration = "86400s"
  expiration_policy {
    ttl = "" # never: a summer holiday is longer than the default of 31 days
  }
  push_config {
    push_endpoint = local.url[each.key]
    oidc_token {
      service_account_email = google_service_account.caller["push"].email
      audience              = local.url[each.key]
    }
  }
  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }
  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead_letter.id
    max_delivery_attempts = 5
  }
}

resource "google_pubsub_topic" "dead_letter" {
  name = "dead-letter"
  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }
  depends_on = [google_project_service.api]
}

# A topic without a subscription forgets at once; this one keeps the dead for whoever answers the alert.
resource "google_pubsub_subscription" "dead_letter" {
  name                       = "dead-letter"
  topic                      = google_pubsub_topic.dead_letter.id
  message_retention_duration = "${local.dead_days * 86400}s"
  expiration_policy {
    ttl = ""
  }
}

# Pub/Sub's own agent moves a message from its subscription to the dead letters.
resource "google_pubsub_topic_iam_member" "agent_sets_aside" {
  topic  = google_pubsub_topic.dead_letter.id
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "agent_takes_away" {
  for_each     = local.pushed
  subscription = google_pubsub_subscription.work[each.key].id
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}
