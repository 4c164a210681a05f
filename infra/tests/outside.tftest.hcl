# The promises of infra/, planned and applied against a provider that only pretends: `terraform test`.

mock_provider "google" {}

variables {
  project        = "profijt-test"
  project_number = "123456789"
  alert_email    = "wacht@profijt.example"
}

run "keeps_its_promises" {
  # wakes the tick every half hour as somebody
  assert {
    condition     = google_cloud_scheduler_job.tick.schedule == "*/30 * * * *" && google_cloud_scheduler_job.tick.http_target[0].http_method == "POST"
    error_message = "R34: every 30 minutes, by POST."
  }
  assert {
    condition     = google_cloud_scheduler_job.tick.http_target[0].oidc_token[0].audience == "https://tick-123456789.europe-west4.run.app"
    error_message = "The token must be meant for the address that is called."
  }
  assert {
    condition     = google_cloud_scheduler_job.tick.http_target[0].oidc_token[0].service_account_email == google_service_account.caller["scheduler"].email
    error_message = "The tick believes the scheduler's own account only."
  }

  # clears away once a day what is past its retention period, and may not read a password for it
  assert {
    condition     = google_cloud_scheduler_job.retain.schedule == "40 3 * * *" && google_cloud_scheduler_job.retain.http_target[0].uri == google_cloud_scheduler_job.retain.http_target[0].oidc_token[0].audience
    error_message = "Once a day, with a token meant for the address that is called."
  }
  assert {
    condition     = contains(keys(google_project_iam_member.manage_secrets), "retain-school") && !contains(keys(google_project_iam_member.read_secrets), "retain-school") && !contains(keys(google_project_iam_member.create_secrets), "retain-school")
    error_message = "The retention job ends passwords without reading or making any."
  }

  # hands a school over until it is done or dead
  assert {
    condition     = google_pubsub_subscription.work["link-school"].ack_deadline_seconds == 600
    error_message = "A run that takes minutes must not be delivered a second time meanwhile."
  }
  assert {
    condition     = google_pubsub_subscription.work["link-school"].dead_letter_policy[0].max_delivery_attempts == 5 && google_pubsub_subscription.work["link-school"].dead_letter_policy[0].dead_letter_topic == google_pubsub_topic.dead_letter.id
    error_message = "Five attempts, then set aside."
  }
  assert {
    condition     = google_pubsub_subscription.work["link-school"].retry_policy[0].minimum_backoff == "10s" && google_pubsub_subscription.work["link-school"].retry_policy[0].maximum_backoff == "600s"
    error_message = "Retries wait between 10 and 600 seconds."
  }
  assert {
    condition     = google_pubsub_subscription.work["link-school"].push_config[0].push_endpoint == google_pubsub_subscription.work["link-school"].push_config[0].oidc_token[0].audience
    error_message = "The token must be meant for the address that is called."
  }
  assert {
    condition     = google_pubsub_topic_iam_member.agent_sets_aside.topic == google_pubsub_topic.dead_letter.id && google_pubsub_subscription_iam_member.agent_takes_away["link-school"].subscription == google_pubsub_subscription.work["link-school"].id
    error_message = "Without both rights Pub/Sub never sets anything aside."
  }
  assert {
    condition     = google_pubsub_subscription.dead_letter.topic == google_pubsub_topic.dead_letter.id
    error_message = "Dead letters without a subscription are gone at once."
  }

  # gives every function its own account and no more than it needs
  assert {
    condition     = toset(keys(google_service_account.function)) == toset(keys(local.functions))
    error_message = "One account a function."
  }
  assert {
    condition = alltrue([
      for grant in google_project_iam_member.data : contains(["roles/datastore.user", "roles/datastore.viewer"], grant.role)
    ])
    error_message = "Project-wide rights are the database's; the rest is given on one topic or by name."
  }
  assert {
    condition     = !contains(keys(google_project_iam_member.read_secrets), "tick")
    error_message = "The tick has no business with passwords."
  }
  assert {
    condition = {
      for name, grant in google_project_iam_member.read_secrets : name => [for part in split(" || ", grant.condition[0].expression) : part]
      } == {
      for name, prefixes in {
        "link-school"      = ["webuntis-"]
        "notify"           = ["webhook-", "smtp-"]
        "refresh-week"     = ["webuntis-"]
        "settings"         = ["webuntis-", "webhook-", "google-"]
        "timetable"        = ["webuntis-"]
        "export-plan"      = ["sis-", "google-"]
        "export-item"      = ["sis-"]
        "grade-export"     = ["sis-", "google-"]
        "webuntis-webhook" = ["webuntis-"]
      } : name => [for prefix in prefixes : "resource.name.startsWith(\"projects/123456789/secrets/${prefix}\")"]
    }
    error_message = "Each reads the secrets it works with: who tells schools by webhook or mail never reads a WebUntis password."
  }
  assert {
    condition = {
      for name, grant in google_project_iam_member.manage_secrets : name => [for part in split(" || ", grant.condition[0].expression) : part]
      } == {
      for name, prefixes in {
        "retain-school"    = ["webuntis-", "sis-", "google-"]
        "settings"         = ["webuntis-", "webhook-", "google-"]
        "grade-export"     = ["sis-", "google-"]
        "webuntis-webhook" = ["webuntis-"]
      } : name => [for prefix in prefixes : "resource.name.startsWith(\"projects/123456789/secrets/${prefix}\")"]
    }
    error_message = "The retention job ends WebUntis passwords and credentials of SISs, and no other secret."
  }
  assert {
    condition     = google_project_iam_custom_role.create_secrets.permissions == toset(["secretmanager.secrets.create"])
    error_message = "The one right that cannot be bound to a name stays alone."
  }
  assert {
    condition     = alltrue([for grant in google_pubsub_topic_iam_member.publisher : contains([for topic in google_pubsub_topic.work : topic.id], grant.topic)])
    error_message = "Publishing is granted on the topic."
  }

  # keeps what schools entrust to it
  assert {
    condition     = google_firestore_database.store.location_id == "europe-west4"
    error_message = "In the Netherlands."
  }
  assert {
    condition     = google_firestore_database.store.delete_protection_state == "DELETE_PROTECTION_ENABLED" && google_firestore_database.store.deletion_policy == "ABANDON"
    error_message = "No command of ours may delete the database."
  }
  assert {
    condition     = google_firestore_database.store.point_in_time_recovery_enablement == "POINT_IN_TIME_RECOVERY_ENABLED" && google_firestore_backup_schedule.daily.retention == "2592000s"
    error_message = "Seven days to the minute, thirty to the day."
  }
  assert {
    condition = alltrue([
      for group in ["runs", "logs", "idempotency", "audit", "retention", "support"] : length(google_firestore_field.override["${group} expire_at"].ttl_config) == 1
    ])
    error_message = "What is kept for a set time is deleted by the database."
  }
  assert {
    condition     = alltrue([for topic in [google_pubsub_topic.work["link-school"], google_pubsub_topic.dead_letter] : topic.message_storage_policy[0].allowed_persistence_regions == toset(["europe-west4"])])
    error_message = "Messages stay in the region too."
  }

  assert {
    condition = google_logging_project_exclusion.feeds.disabled != true && alltrue([
      for part in ["log_id(\"run.googleapis.com/requests\")", "httpRequest.requestUrl:\"/v1/feeds/\"", "\"timetable\""] : strcontains(google_logging_project_exclusion.feeds.filter, part)
    ])
    error_message = "Addresses of calendar feeds are not kept in the log of requests."
  }

  # tells somebody
  assert {
    condition     = google_monitoring_alert_policy.tick_absent.conditions[0].condition_absent[0].duration == "4200s"
    error_message = "Two ticks missed, and ten minutes of grace."
  }
  assert {
    condition     = google_monitoring_alert_policy.dead_letters.conditions[0].condition_threshold[0].threshold_value == 0
    error_message = "One dead letter is one too many."
  }
  assert {
    condition = alltrue([
      for policy in [google_monitoring_alert_policy.tick_absent, google_monitoring_alert_policy.dead_letters, google_monitoring_alert_policy.failing_requests, google_monitoring_alert_policy.errors] :
      policy.notification_channels == tolist([google_monitoring_notification_channel.mail.id]) && policy.documentation[0].content != ""
    ])
    error_message = "An alert goes to somebody and says what to do."
  }
}

run "refuses_to_leave_the_eu_and_an_id_where_the_number_belongs" {
  command = plan
  variables {
    region         = "us-central1"
    project_number = "profijt-test"
  }
  expect_failures = [var.region, var.project_number]
}
