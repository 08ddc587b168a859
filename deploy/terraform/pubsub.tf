resource "google_pubsub_topic" "topics" {
  for_each = local.topics

  name = each.key

  depends_on = [google_project_service.apis]
}

resource "google_pubsub_subscription" "subscriptions" {
  for_each = local.subscriptions

  name  = each.key
  topic = google_pubsub_topic.topics[each.value.topic].id
}
