# Reads ../topology.json, the one file that says which services exist and who may do what, and fills
# in its names for this project. Nothing here asks Google: every name, the URLs included, is known
# before anything exists, so that no resource has to wait for another one's answer.

locals {
  topology = jsondecode(file("${path.module}/../topology.json"))

  # What a service says when it says nothing: the defaults stand in the schema, and only there.
  service_settings = jsondecode(file("${path.module}/../topology.schema.json")).properties.services.additionalProperties.properties
  service_defaults = {
    for name, setting in local.service_settings : name => setting.default if can(setting.default)
  }
  resource_defaults = {
    for name, setting in local.service_settings.resources.properties : name => setting.default
  }

  topics        = try(local.topology.topics, {})
  subscriptions = try(local.topology.subscriptions, {})

  # https://cloud.google.com/run/docs/triggering/https-request#deterministic
  urls = {
    for name in keys(local.topology.services) :
    name => "https://${name}-${local.project_number}.${var.region}.run.app"
  }

  # The account that each service runs as.
  account_emails = {
    for name, service in local.topology.services :
    name => "${service.serviceAccount}@${var.project}.iam.gserviceaccount.com"
  }

  # What may stand in an environment value, and what it stands for. "$${" is how Terraform writes "${".
  placeholders = merge(
    { for name, url in local.urls : "$${services.${name}.url}" => url },
    { for name, email in local.account_emails : "$${services.${name}.serviceAccount}" => email },
    { for name in keys(local.topics) : "$${topics.${name}.name}" => "projects/${var.project}/topics/${name}" },
  )

  # A value is cut into placeholders and the text between them. A placeholder that is not in the list
  # above is an error.
  environments = {
    for name, service in local.topology.services : name => {
      for key, value in try(service.environment, {}) : key => join("", [
        for part in regexall("\\$\\{[^}]*\\}|[^$]+|\\$", value) :
        startswith(part, "$${") ? local.placeholders[part] : part
      ])
    }
  }

  # Every service as it is deployed.
  services = {
    for name, service in local.topology.services : name => merge(
      local.service_defaults,
      { image = name },
      service,
      { resources = merge(local.resource_defaults, try(service.resources, {})) },
      { environment = local.environments[name] },
    )
  }

  # The members that the topology names, and how IAM writes them.
  members = {
    for member in distinct(flatten([
      [for service in values(local.topology.services) : service.invokers],
      [for topic in values(local.topics) : topic.publishers],
      "allUsers",
    ])) :
    member => (
      member == "deployer" ? var.deployer :
      startswith(member, "service:") ? "serviceAccount:${local.account_emails[trimprefix(member, "service:")]}" :
      member
    )
  }

  # One entry per binding. The key names both ends and becomes the address in Terraform's state, so that
  # `terraform state list` tells who may do what. Two services may share an account: one binding for both.
  invokers = merge([
    for name, service in local.services : {
      for member in distinct([
        for member in concat(service.invokers, var.public_caller && name == "caller" ? ["allUsers"] : []) :
        local.members[member]
      ]) :
      "${name} ${member}" => { service = name, member = member }
    }
  ]...)
  publishers = merge([
    for name, topic in local.topics : {
      for member in distinct([for member in topic.publishers : local.members[member]]) :
      "${name} ${member}" => { topic = name, member = member }
    }
  ]...)
}
