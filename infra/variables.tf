variable "project" {
  type        = string
  description = "Id of the Google Cloud project."
}

variable "project_number" {
  type        = string
  description = "Its number: part of addresses, service agents and secret names."
  validation {
    condition     = can(regex("^[0-9]+$", var.project_number))
    error_message = "The project's number, not its id."
  }
}

variable "region" {
  type        = string
  default     = "europe-west4"
  description = "Where everything runs and is kept: Eemshaven."
  validation {
    condition     = startswith(var.region, "europe-")
    error_message = "Personal data of Dutch schools stays in the EU."
  }
}

variable "alert_email" {
  type        = string
  description = "Who is told when something is wrong."
}
