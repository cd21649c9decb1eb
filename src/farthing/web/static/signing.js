"use strict";
// Signs a document by a key that this browser makes and does not give away. What is signed is made anew here, from the document
// that was fetched and the certificate that came for the key: a server that exchanges one of them gets no signature. Without this
// script the page says what can be done instead.
(() => {
  const EC = { name: "ECDSA", namedCurve: "P-256" };
  const SIGN = { name: "ECDSA", hash: "SHA-256" };
  const MINUTES_5 = 300000;
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const bytes = (said) => Uint8Array.from(atob(said), (each) => each.charCodeAt(0));
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (each) => each.toString(16).padStart(2, "0")).join("");
  const sha256 = async (data) => hex(await crypto.subtle.digest("SHA-256", data));

  class Problem extends Error {}
  const must = (holds, problem) => {
    if (!holds) throw new Problem(problem);
  };

  const fetched = async (address) => {
    const answer = await fetch(address, { credentials: "same-origin", redirect: "error", cache: "no-store" });
    must(answer.ok, "fetch");
    return new Uint8Array(await answer.arrayBuffer());
  };

  // The key waits between two pages as an object of this browser, which nobody can read out, and is deleted once it has signed.
  const store = (mode, work) =>
    new Promise((resolve, reject) => {
      const opening = indexedDB.open("farthing-signing", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
      opening.onerror = () => reject(new Problem("key"));
      opening.onsuccess = () => {
        const asked = work(opening.result.transaction("keys", mode).objectStore("keys"));
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(new Problem("key"));
      };
    });

  // DER: what stands in a value, one level down. Only lengths as DER writes them are read.
  const parts = (data) => {
    const found = [];
    for (let at = 0; at < data.length; ) {
      let size = data[at + 1], head = 2;
      if (size > 0x80) {
        head = 2 + (size & 0x7f);
        must(head <= 4, "attributes");
        size = data.slice(at + 2, at + head).reduce((sum, each) => sum * 256 + each, 0);
      }
      must(at + head + size <= data.length, "attributes");
      found.push({ whole: hex(data.slice(at, at + head + size)), body: data.slice(at + head, at + head + size) });
      at += head + size;
    }
    return found;
  };
  const only = (data) => {
    const found = parts(data);
    must(found.length === 1, "attributes");
    return found[0].body;
  };

  const DATA = "301806092a864886f70d010903310b06092a864886f70d010701";
  const DIGEST = "302f06092a864886f70d01090431220420";
  const BY = "060b2a864886f70d010910022f";

  // The signed attributes (RFC 5652 section 5.4) say three things and no more: data, its digest, and by which certificate.
  const checkAttributes = (attributes, digest, certificate) => {
    must(attributes[0] === 0x31, "attributes");
    const said = parts(only(attributes));
    must(said.length === 3 && said[0].whole === DATA && said[1].whole === DIGEST + digest, "attributes");
    const [kind, values] = parts(said[2].body);
    must(kind.whole === BY, "attributes");
    const first = parts(parts(only(values.body))[0].body);
    must(first.length === 1 && parts(first[0].body)[0].whole === "0420" + certificate, "certificate");
  };

  const starts = (long, short) => long.length > short.length && short.every((each, at) => each === long[at]);

  // What the last cross-reference table of a file names: where it stands, its objects' places, and its trailer.
  const table = (file) => {
    const at = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(file)?.[1]);
    const found = /^xref\n((?:\d+ \d+\n(?:\d{10} \d{5} [nf][ \r]\n)+)+)trailer\n<<([\s\S]*?)>>\s*startxref/.exec(file.slice(at));
    must(found && !found[2].includes("XRefStm"), "document");
    const places = new Map();
    let number = 0;
    for (const line of found[1].trim().split("\n")) {
      const [first, second, kind] = line.trim().split(" ");
      if (kind === "n") places.set(number, Number(first));
      must(kind !== "f" || number === 0, "document");
      number = kind ? number + 1 : Number(first);
    }
    return { at, places, trailer: found[2] };
  };
  const dictionary = (file, number, at) => {
    const head = `${number} 0 obj\n`;
    must(at >= 0 && file.startsWith(head, at), "document");
    return /^[\s\S]*?(?=\nstream|\nendobj)/.exec(file.slice(at + head.length))[0];
  };
  const number = (said, name) => Number(new RegExp(`/${name} (\\d+)(?: 0 R)?\\b`).exec(said)?.[1] ?? -1);

  // A signature's revision changes its own field where that stands, and in the catalog what vouches for it. Pages and whatever
  // else was there before stay as they are: nothing is drawn over the text that was read.
  const checkRevision = (read, whole) => {
    const before = new TextDecoder("latin1").decode(read), file = new TextDecoder("latin1").decode(whole);
    const old = table(before), now = table(file), root = number(old.trailer, "Root");
    must(now.at > before.length && number(now.trailer, "Prev") === old.at && number(now.trailer, "Root") === root, "document");
    const size = number(old.trailer, "Size"), touched = [...now.places].filter(([each]) => each < size);
    must(size > 0 && [...now.places.values()].every((at) => at >= before.length), "document");
    const was = (each) => dictionary(before, each, before.lastIndexOf(`\n${each} 0 obj\n`) + 1);
    const fixed = (said) =>
      said.replace(/\/(?:DSS|Metadata) \d+ 0 R/g, "").replace(/\/Extensions <<(?:[^<>]|<<[^<>]*>>)*>>/, "").replace(/\s+/g, " ");
    const catalog = dictionary(file, root, now.places.get(root) ?? -1);
    must(fixed(catalog) === fixed(was(root)), "document");
    const beside = [root, number(now.trailer, "Info"), number(catalog, "Metadata"), number(catalog, "DSS")];
    const fields = touched.filter(([each]) => !beside.includes(each));
    must(fields.length === 1, "document");
    const [field, at] = fields[0];
    const place = (said) => /\/Rect \[[^\]]*\]\s*\/P \d+ 0 R/.exec(said)?.[0];
    const own = dictionary(file, field, at);
    must(own.includes("/FT /Sig") && was(field).includes("/FT /Sig") && place(own) && place(own) === place(was(field)), "document");
  };

  // The file to be signed is the one that was read, with one revision more whose only empty place is the signature's.
  const checkDocument = async (asked, read, whole) => {
    must((await sha256(read)) === asked.digest && starts(whole, read), "document");
    checkRevision(read, whole);
    const added = new TextDecoder("latin1").decode(whole.slice(read.length));
    const range = `/ByteRange [0 ${asked.start} ${asked.stop} ${whole.length - asked.stop}]`;
    must(added.split("/ByteRange").length === 2 && added.includes(range), "document");
    must(asked.start > read.length && asked.stop > asked.start, "document");
    const place = new TextDecoder("latin1").decode(whole.slice(asked.start, asked.stop));
    must(/^<0*>$/.test(place), "document");
    const covered = new Uint8Array(whole.length - (asked.stop - asked.start));
    covered.set(whole.slice(0, asked.start));
    covered.set(whole.slice(asked.stop), asked.start);
    return sha256(covered);
  };

  const tell = (form, problem) => {
    for (const each of form.querySelectorAll("[data-problem]")) each.hidden = each.dataset.problem !== problem;
  };

  const reading = async (form) => {
    const asked = JSON.parse(form.dataset.ownKey);
    const found = await sha256(await fetched(asked.document));
    form.querySelector("[data-computed]").textContent = found;
    must(found === asked.digest, "document");
    form.querySelector("[data-same]").hidden = false;
    form.querySelector("button").disabled = false;
    return asked;
  };

  const makes = async (form, asked) => {
    const pair = await crypto.subtle.generateKey(EC, false, ["sign", "verify"]);
    const spki = await crypto.subtle.exportKey("spki", pair.publicKey);
    const said = `farthing possession\n${asked.agreement}\n${asked.digest}\n${await sha256(spki)}\n`;
    await store("readwrite", (keys) => keys.put({ key: pair.privateKey, spki, at: Date.now() }, asked.agreement));
    form.elements.public_key.value = text(spki);
    form.elements.possession.value = text(await crypto.subtle.sign(SIGN, pair.privateKey, new TextEncoder().encode(said)));
  };

  const signs = async (form) => {
    const asked = JSON.parse(form.dataset.prepared);
    const kept = await store("readonly", (keys) => keys.get(asked.agreement));
    must(kept && Date.now() - kept.at < MINUTES_5, "key");
    const read = await fetched(asked.document), whole = await fetched(asked.waiting);
    const digest = await checkDocument(asked, read, whole);
    const certificate = bytes(asked.certificate), attributes = bytes(asked.attributes);
    must(hex(certificate).split(hex(kept.spki)).length === 2, "certificate");
    checkAttributes(attributes, digest, await sha256(certificate));
    const signature = await crypto.subtle.sign(SIGN, kept.key, attributes);
    await store("readwrite", (keys) => keys.delete(asked.agreement));
    form.elements.signature.value = text(signature);
    form.submit();
  };

  const told = (form) => (problem) => tell(form, problem instanceof Problem ? problem.message : "key");
  for (const form of document.querySelectorAll("form[data-own-key]")) {
    if (!globalThis.crypto?.subtle || !globalThis.indexedDB) {
      tell(form, "key");
      continue;
    }
    const read = reading(form);
    read.catch(told(form));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      read.then((asked) => makes(form, asked)).then(() => form.submit()).catch(told(form));
    });
  }
  for (const form of document.querySelectorAll("form[data-prepared]")) signs(form).catch(told(form));
})();
