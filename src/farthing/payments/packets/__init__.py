"""Own red packets: money that one person lays out and others take parts of, drawn before anybody takes one."""
