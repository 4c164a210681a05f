# Who is told, and of what: the tick stayed away, a message died, requests fail, something was logged as an error. And
# what is logged of nobody: addresses that are secrets.

locals {
  quoted = [for name in sort(keys(local.functions)) : "\"${name}\""]
  # The filter languages of Logging and of Monitoring say "one of these" in their own ways.
  logs_of_ours  = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=(${join(" OR ", local.quoted)})"
  requests_ours = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=one_of(${join(", ", local.quoted)}) AND metric.type=\"run.googleapis.com/request_count\""
}

resource "google_monitoring_notification_channel" "mail" {
  display_name = "Koppelingen"
  type         = "email"
  labels       = { email_address = var.alert_email }
  depends_on   = [google_project_service.api]
}

# Counted by function and by our own event name, never by school: a label with many values is expensive.
resource "google_logging_metric" "errors" {
  name        = "koppelingen/errors"
  description = "Log lines of severity ERROR or worse."
  filter      = "${local.logs_of_ours} AND severity>=ERROR"
  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    labels {
      key        = "function"
      value_type = "STRING"
    }
    labels {
      key        = "event"
      value_type = "STRING"
    }
  }
  label_extractors = {
    function = "EXTRACT(resource.labels.service_name)"
    event    = "EXTRACT(jsonPayload.event)"
  }
  depends_on = [google_project_service.api]
}

# Written when the tick has done its work: a tick that answers but does nothing is not counted.
resource "google_logging_metric" "ticks" {
  name        = "koppelingen/ticks"
  description = "Ticks that asked for a run of every enabled school."
  filter      = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"tick\" AND jsonPayload.event=\"tick\""
  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
  }
  depends_on = [google_project_service.api]
}

resource "google_logging_metric" "runs" {
  name        = "koppelingen/runs"
  description = "Runs of schools, by outcome."
  filter      = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"link-school\" AND jsonPayload.event=\"run\""
  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    labels {
      key        = "outcome"
      value_type = "STRING"
    }
  }
  label_extractors = { outcome = "EXTRACT(jsonPayload.outcome)" }
  depends_on       = [google_project_service.api]
}

# Whoever holds the address of a calendar feed reads it, and Cloud Run's log of requests would hold every one of them.
resource "google_logging_project_exclusion" "feeds" {
  name        = "koppelingen-feeds"
  description = "Requests for calendar feeds: their addresses are secrets."
  filter      = "${local.logs_of_ours} AND log_id(\"run.googleapis.com/requests\") AND httpRequest.requestUrl:\"/v1/feeds/\""
  depends_on  = [google_project_service.api]
}

resource "google_monitoring_alert_policy" "tick_absent" {
  display_name          = "Koppelingen: no tick for 70 minutes"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.mail.id]
  conditions {
    display_name = "two ticks missed"
    condition_absent {
      filter   = "resource.type=\"cloud_run_revision\" AND metric.type=\"logging.googleapis.com/user/${google_logging_metric.ticks.name}\""
      duration = "4200s"
      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }
  documentation {
    mime_type = "text/markdown"
    content   = "No school is linked while this lasts. Look at the job `tick` in Cloud Scheduler, then at the logs of the function `tick`."
  }
}

resource "google_monitoring_alert_policy" "dead_letters" {
  display_name          = "Koppelingen: a message was set aside"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.mail.id]
  conditions {
    display_name = "dead letters"
    condition_threshold {
      filter          = "resource.type=\"pubsub_subscription\" AND resource.labels.subscription_id=one_of(${join(", ", [for name in local.pushed : "\"${name}\""])}) AND metric.type=\"pubsub.googleapis.com/subscription/dead_letter_message_count\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"
      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_DELTA"
      }
    }
  }
  documentation {
    mime_type = "text/markdown"
    content   = "A message failed five times. A school's run needs nothing: the next tick asks for it again. The message waits ${local.dead_days} days in the subscription `${google_pubsub_subscription.dead_letter.name}`; its attributes tell why it came there, the logs of the function what failed."
  }
}

resource "google_monitoring_alert_policy" "failing_requests" {
  display_name          = "Koppelingen: more than 5% of requests fail"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.mail.id]
  conditions {
    display_name = "5xx of all, by function, for ten minutes"
    condition_threshold {
      filter             = "${local.requests_ours} AND metric.labels.response_code_class=\"5xx\""
      denominator_filter = local.requests_ours
      comparison         = "COMPARISON_GT"
      threshold_value    = 0.05
      duration           = "600s"
      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_RATE"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = ["resource.labels.service_name"]
      }
      denominator_aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_RATE"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = ["resource.labels.service_name"]
      }
    }
  }
  documentation {
    mime_type = "text/markdown"
    content   = "Error Reporting groups the failures by cause; the metric `${google_logging_metric.errors.name}` counts them by event."
  }
}

resource "google_monitoring_alert_policy" "errors" {
  display_name          = "Koppelingen: errors in the log"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.mail.id]
  conditions {
    display_name = "any: what is not ours to mend is logged as a warning"
    condition_threshold {
      filter          = "resource.type=\"cloud_run_revision\" AND metric.type=\"logging.googleapis.com/user/${google_logging_metric.errors.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"
      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = ["metric.labels.function"]
      }
    }
  }
  documentation {
    mime_type = "text/markdown"
    content   = "Filter the logs on `severity>=ERROR`; `jsonPayload.event` says what, `trace` joins the lines of one request."
  }
}
