"""The sandbox's wallet at its counter for papers: it issues certificates of payments as WeChat Pay and Alipay do, sealed."""
