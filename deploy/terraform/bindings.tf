# Everything that is granted. Each binding is on one service or one topic, never on the project: a role
# on the project counts for all that is in it, and for all that will ever be.
#
# An `_iam_member` adds its binding and leaves others alone. (`_iam_binding` and `_iam_policy` would
# also take away what somebody else has granted.)

resource "google_cloud_run_v2_service_iam_member" "invokers" {
  for_each = local.invokers

  name     = google_cloud_run_v2_service.services[each.value.service].name
  location = google_cloud_run_v2_service.services[each.value.service].location
  role     = "roles/run.invoker"
  member   = each.value.member

  # IAM refuses a member that does not exist.
  depends_on = [google_service_account.services]
}

resource "google_pubsub_topic_iam_member" "publishers" {
  for_each = local.publishers

  topic  = google_pubsub_topic.topics[each.value.topic].name
  role   = "roles/pubsub.publisher"
  member = each.value.member

  depends_on = [google_service_account.services]
}
