"""Models of credit as data: what scores a person, whoever fitted it, by arithmetic of ours that answers the same for ever."""
