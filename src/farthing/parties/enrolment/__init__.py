"""Own the way in: a person proves who it is by a code to the phone, and gets a login."""
