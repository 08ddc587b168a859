# Only the number is read: the URLs of the services contain it.
data "google_project" "this" {
  project_id = var.project
}

locals {
  project_number = data.google_project.this.number
}

# Left on when everything is removed: something else in the project may use them.
resource "google_project_service" "apis" {
  for_each = toset([
    "artifactregistry.googleapis.com",
    "cloudbuild.googleapis.com",
    "iam.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
  ])

  service            = each.key
  disable_on_destroy = false
}

# Where the images lie: REGION-docker.pkg.dev/PROJECT/services/IMAGE:TAG
resource "google_artifact_registry_repository" "services" {
  repository_id = "services"
  location      = var.region
  format        = "DOCKER"
  description   = "Images of the services."

  depends_on = [google_project_service.apis]
}
