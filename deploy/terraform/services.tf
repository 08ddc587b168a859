# An account per service. It is born without any role: all that it may do stands in bindings.tf.
resource "google_service_account" "services" {
  for_each = toset([for service in values(local.services) : service.serviceAccount])

  account_id   = each.key
  display_name = join(", ", [for name, service in local.services : name if service.serviceAccount == each.key])

  depends_on = [google_project_service.apis]
}

locals {
  ingress = {
    "all"                               = "INGRESS_TRAFFIC_ALL"
    "internal"                          = "INGRESS_TRAFFIC_INTERNAL_ONLY"
    "internal-and-cloud-load-balancing" = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  }
}

resource "google_cloud_run_v2_service" "services" {
  for_each = local.services

  name                = each.key
  location            = var.region
  ingress             = local.ingress[each.value.ingress]
  custom_audiences    = each.value.customAudiences
  deletion_protection = var.deletion_protection

  template {
    # Without this line Cloud Run takes the project's default account, which often may do everything.
    service_account                  = google_service_account.services[each.value.serviceAccount].email
    max_instance_request_concurrency = each.value.concurrency
    timeout                          = "${each.value.timeoutSeconds}s"

    scaling {
      min_instance_count = each.value.minInstances
      max_instance_count = each.value.maxInstances
    }

    containers {
      image = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.services.repository_id}/${each.value.image}:${var.image_tag}"

      resources {
        limits = {
          cpu    = each.value.resources.cpu
          memory = each.value.resources.memory
        }
        # The CPU is there, and paid for, while a request is handled; more of it during the start.
        cpu_idle          = true
        startup_cpu_boost = true
      }

      dynamic "env" {
        for_each = each.value.environment

        content {
          name  = env.key
          value = env.value
        }
      }

      # No request arrives before this has succeeded ...
      startup_probe {
        period_seconds    = 1
        timeout_seconds   = 1
        failure_threshold = 60

        http_get {
          path = "/health/ready"
        }
      }

      # ... and an instance that no longer answers this is replaced.
      liveness_probe {
        period_seconds    = 10
        timeout_seconds   = 1
        failure_threshold = 3

        http_get {
          path = "/health/live"
        }
      }
    }
  }

  # Undoes a roll-back, which pins requests to an older revision.
  traffic {
    type    = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
    percent = 100
  }
}
