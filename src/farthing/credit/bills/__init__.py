"""Payment bills as people export them from Alipay and WeChat Pay: read, checked, written. Pure; no I/O."""
