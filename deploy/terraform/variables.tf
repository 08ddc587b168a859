variable "project" {
  description = "Id of the Google Cloud project, for example my-project. It must exist and have billing."
  type        = string
}

variable "region" {
  description = "Where the services run and the images lie, for example europe-west1."
  type        = string
}

variable "deployer" {
  description = "The IAM member that `deployer` stands for in topology.json, for example user:ada@example.com. It may invoke what the topology lets the deployer invoke, and gets nothing else."
  type        = string

  validation {
    condition     = can(regex("^(user|group|serviceAccount|principal|principalSet):", var.deployer))
    error_message = "Must be an IAM member with its kind, for example user:ada@example.com."
  }
}

variable "image_tag" {
  description = "Tag of the images to run. Use one that never moves, such as a commit: Terraform compares names, so it does not notice when a tag is given to another image."
  type        = string
}

variable "public_caller" {
  description = "Lets everybody on the internet invoke the caller, without a token. The receiver stays private."
  type        = bool
  default     = false
}

variable "deletion_protection" {
  description = "Refuses to delete or replace a service. To remove everything: apply with false, then destroy."
  type        = bool
  default     = true
}
