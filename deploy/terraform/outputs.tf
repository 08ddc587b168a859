output "urls" {
  description = "The URL of each service, known before it is deployed. It is also the audience of tokens for it."
  value       = local.urls
}

output "accounts" {
  description = "The account that each service runs as."
  value       = local.account_emails
}

output "curl" {
  description = "The first request, as the deployer, to each service that the deployer may invoke: terraform output -raw curl"
  value = join("\n", [
    for name, service in local.services : join(" ", [
      "curl -X POST ${local.urls[name]}/messages",
      "-H \"Authorization: Bearer $(gcloud auth print-identity-token)\"",
      "-H 'content-type: application/json' -d '{\"text\":\"hello\"}'",
    ]) if contains(service.invokers, "deployer")
  ])
}
