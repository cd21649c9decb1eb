"""Own how the phone on file becomes another one."""
