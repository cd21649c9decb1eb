"""Own the two how-to texts of an evidence package, English and Chinese. Constants only."""

ENGLISH = """\
HOW TO CHECK THIS EVIDENCE PACKAGE

NEVER RUN A PROGRAM OUT OF THE PACKAGE. Whoever made a false package wrote its programs and this text too. Check it with
what you have already, and with what you fetch from elsewhere. No network is used while checking.

1. BY HAND, with sha256sum, openssl and pdfsig, in the folder into which you unpacked it
    sha256sum -c manifest-sha256.txt
    openssl ts -verify -token_in -in log/checkpoint.tst -data log/checkpoint.txt -CAfile ROOTS.pem \\
        -untrusted certificates/chain.pem      (if witnesses cosigned: without their lines)
    pdfsig contract.pdf
  ROOTS.pem are the root certificates of the certificate and timestamp authorities, from the authorities themselves.

2. BY PROGRAM, fetched by you from where Farthing is published, not from here (Python 3.11 and openssl)
    pip install farthing
    farthing verify PACKAGE.zip --trust TRUSTED.pem
  TRUSTED.pem holds the same roots and the lines of the log's key (and of witnesses, if any; the form is that of
  log/keys.txt). Get the key from the platform's public page (/v1/log/key), from a witness, or from the other party.
  Without it the run shows only that the package agrees with itself.

3. WITH OTHERS: compare log/checkpoint.txt with a checkpoint that you or others kept
    farthing verify --checkpoint OLD.txt       (at the platform), or its public page /v1/log/consistency

WHAT IS INSIDE
    contract.pdf              the signed contract
    terms.json                its terms, the same bytes as attached inside the contract
    journal/                  the entries of this matter, as text and as JSON
    records/                  identity evidence (redacted), consents, what was shown, the decision; confirmations.json is
                              what was shown to whoever confirmed by a passkey, with the salts that tie it to the log
    log/leaves/               facts as they were recorded, each with a C2SP .tlog-proof
    log/checkpoint.txt, .tst  the signed state of the log, and its RFC 3161 timestamp
    log/keys.txt              the keys of the log and of witnesses (C2SP verifier keys)
    certificates/, crls/      certificate chains and revocation lists
    manifest-sha256.txt       SHA-256 of every file
    checker/                  the checker's text, to be read: which checks were meant when this was made

The report names what was NOT checked. Read that part too.
"""

CHINESE = """\
如何检查本证据包

切勿运行包内的任何程序：伪造证据包的人也会伪造其中的程序和本说明。请用您已有的工具，或自行从其他渠道取得的程序来检查。
检查过程不联网。

1. 手工检查（sha256sum、openssl、pdfsig，在解压后的文件夹内）
    sha256sum -c manifest-sha256.txt
    openssl ts -verify -token_in -in log/checkpoint.tst -data log/checkpoint.txt -CAfile ROOTS.pem \\
        -untrusted certificates/chain.pem      （若有见证方会签，须先去掉其签名行）
    pdfsig contract.pdf
  ROOTS.pem 为证书机构与时间戳机构的根证书，请直接向有关机构取得。

2. 用程序检查（从 Farthing 的发布渠道自行取得，不用包内副本；需要 Python 3.11 和 openssl）
    pip install farthing
    farthing verify PACKAGE.zip --trust TRUSTED.pem
  TRUSTED.pem 包含上述根证书以及日志（和见证方）的密钥行，格式同 log/keys.txt。
  请从平台公示页面（/v1/log/key）、见证方或对方当事人处取得。不指定时，只能说明包内各部分相互一致。

3. 与他人核对：将 log/checkpoint.txt 与您或他人留存的检查点比较
    farthing verify --checkpoint OLD.txt       （在平台处），或平台公示页面 /v1/log/consistency

包内内容
    contract.pdf  已签名合同            terms.json  合同条款数据，与合同所附数据逐字节相同
    journal/      本事项的会计分录（文本与 JSON）
    records/      身份证明材料（已脱敏）、同意记录、浏览记录、决策记录；confirmations.json 为通行密钥确认时所显示的内容及其盐值
    log/leaves/   当时记录的事实，每条附 C2SP .tlog-proof 证明
    log/checkpoint.txt、.tst  日志的签名状态及其 RFC 3161 时间戳      log/keys.txt  日志与见证方密钥
    certificates/、crls/      证书链与吊销列表
    manifest-sha256.txt       全部文件的 SHA-256
    checker/                  检查程序的源码，仅供阅读

报告会列出“未检查”的项目，请一并阅读。
"""
