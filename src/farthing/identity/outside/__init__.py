"""Sign in by a login at another institution: an OpenID provider whose authentication serves ours."""
