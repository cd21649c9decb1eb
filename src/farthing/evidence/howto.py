"""Own the two how-to texts of an evidence package, English and Chinese. Constants only."""

ENGLISH = """\
HOW TO CHECK THIS EVIDENCE PACKAGE

You need Python 3.10 or newer and the program openssl. No network is used.

    python3 PACKAGE.zip PACKAGE.zip                      checks the package with the checker inside it
    python3 PACKAGE.zip PACKAGE.zip --trust trusted.pem  judges it by what you trust, not by what it brings

The file after --trust holds the root certificates (PEM) of the certificate and timestamp authorities and the lines
of the log's key (and of witnesses, if any; the form is that of log/keys.txt). Get it from somewhere else than this
package: from the platform's public page, from the authorities, from the other party. Without it the run shows only
that the package agrees with itself.

Better still, run a copy of the checker that did not come with the package: `farthing verify PACKAGE.zip`.

WHAT IS INSIDE
    contract.pdf              the signed contract
    terms.json                its terms, the same bytes as attached inside the contract
    journal/                  the entries of this matter, as text and as JSON
    records/                  identity evidence (redacted), consents, what was shown, the decision
    log/leaves/               facts as they were recorded, each with a C2SP .tlog-proof
    log/checkpoint.txt, .tst  the signed state of the log, and its RFC 3161 timestamp
    log/keys.txt              the keys of the log and of witnesses (C2SP verifier keys)
    certificates/, crls/      certificate chains and revocation lists
    manifest-sha256.txt       SHA-256 of every file                   checker/     the checker, to be read and run

BY HAND
    sha256sum -c manifest-sha256.txt
    openssl ts -verify -token_in -in log/checkpoint.tst -data log/checkpoint.txt -CAfile certificates/roots.pem \\
        -untrusted certificates/chain.pem      (if witnesses cosigned: without their lines)
    pdfsig contract.pdf

The report names what was NOT checked. Read that part too.
"""

CHINESE = """\
如何检查本证据包

需要 Python 3.10 或更新版本和 openssl 程序;检查过程不联网。

    python3 PACKAGE.zip PACKAGE.zip                      用包内的检查程序检查
    python3 PACKAGE.zip PACKAGE.zip --trust trusted.pem  以您信任的根证书和日志密钥为准

--trust 之后的文件包含证书机构与时间戳机构的根证书(PEM)以及日志(和见证方)的密钥行,格式同 log/keys.txt。
请从本包以外的渠道取得:平台公示页面、有关机构或对方当事人。不指定时,只能说明包内各部分相互一致。

更稳妥的做法是使用并非随包附带的检查程序:farthing verify PACKAGE.zip

包内内容
    contract.pdf  已签名合同            terms.json  合同条款数据,与合同所附数据逐字节相同
    journal/      本事项的会计分录(文本与 JSON)
    records/      身份证明材料(已脱敏)、同意记录、浏览记录、决策记录
    log/leaves/   当时记录的事实,每条附 C2SP .tlog-proof 证明
    log/checkpoint.txt、.tst  日志的签名状态及其 RFC 3161 时间戳      log/keys.txt  日志与见证方密钥
    certificates/、crls/      证书链与吊销列表
    manifest-sha256.txt       全部文件的 SHA-256                       checker/  检查程序,可阅读、可运行

报告会列出“未检查”的项目,请一并阅读。
"""
