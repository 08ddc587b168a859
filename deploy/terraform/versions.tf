terraform {
  required_version = ">= 1.5"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6, < 8"
    }
  }

  # Without a backend the state lies in this folder. A team keeps it in a bucket, so that two people
  # do not deploy at the same time:
  #
  # backend "gcs" {
  #   bucket = "my-terraform-states"
  #   prefix = "service-identity"
  # }
}

provider "google" {
  project = var.project
  region  = var.region
}
