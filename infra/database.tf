# Where the system remembers. Indexes, lifetimes and exemptions come from firestore.indexes.json, which tests read too.

locals {
  firestore = jsondecode(file("${path.module}/firestore.indexes.json"))
}

resource "google_firestore_database" "store" {
  name                              = "(default)"
  location_id                       = var.region
  type                              = "FIRESTORE_NATIVE"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = "DELETE_PROTECTION_ENABLED"
  deletion_policy                   = "ABANDON" # `terraform destroy` forgets the database, it never deletes it
  depends_on                        = [google_project_service.api]
}

resource "google_firestore_index" "query" {
  for_each = {
    for index in local.firestore.indexes :
    join(" ", concat([index.collectionGroup], [for field in index.fields : "${field.fieldPath} ${field.order}"])) => index
  }
  database    = google_firestore_database.store.name
  collection  = each.value.collectionGroup
  query_scope = each.value.queryScope
  dynamic "fields" {
    for_each = each.value.fields
    content {
      field_path = fields.value.fieldPath
      order      = fields.value.order
    }
  }
}

# A field without an index costs nothing to write and cannot be asked for; one with a lifetime takes its document with it.
resource "google_firestore_field" "override" {
  for_each   = { for field in local.firestore.fieldOverrides : "${field.collectionGroup} ${field.fieldPath}" => field }
  database   = google_firestore_database.store.name
  collection = each.value.collectionGroup
  field      = each.value.fieldPath
  index_config {
    dynamic "indexes" {
      for_each = each.value.indexes
      content {
        order       = indexes.value.order
        query_scope = indexes.value.queryScope
      }
    }
  }
  dynamic "ttl_config" {
    for_each = try(each.value.ttl, false) ? [true] : []
    content {}
  }
}

# Beside the seven days of point-in-time recovery: a month of days and a quarter of Sundays.
resource "google_firestore_backup_schedule" "daily" {
  database  = google_firestore_database.store.name
  retention = "${30 * 86400}s"
  daily_recurrence {}
}

resource "google_firestore_backup_schedule" "weekly" {
  database  = google_firestore_database.store.name
  retention = "${14 * 7 * 86400}s"
  weekly_recurrence {
    day = "SUNDAY"
  }
}
