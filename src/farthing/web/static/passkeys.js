"use strict";
// Lets a form be confirmed, or a passkey be made, by the device of whoever looks at it. A form that does not ask for it is left
// alone; without this script every form still says what can be done instead.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (ids) => ids.map((id) => ({ type: "public-key", id: bytes(id) }));

  const signed = async (asked) => {
    const found = await navigator.credentials.get({
      publicKey: {
        challenge: bytes(asked.challenge), rpId: asked.rp_id, userVerification: "required", timeout: 120000,
        allowCredentials: known(asked.passkeys),
      },
    });
    return {
      challenge_id: asked.challenge_id, credential_id: found.id, client_data: text(found.response.clientDataJSON),
      authenticator_data: text(found.response.authenticatorData), signature: text(found.response.signature),
    };
  };

  const made = async (asked) => {
    const found = await navigator.credentials.create({
      publicKey: {
        challenge: bytes(asked.challenge), rp: { id: asked.rp_id, name: asked.rp_name },
        user: { id: bytes(asked.user_id), name: asked.user_name, displayName: asked.user_name },
        pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })), timeout: 120000, attestation: "none",
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        excludeCredentials: known(asked.passkeys),
      },
    });
    return { client_data: text(found.response.clientDataJSON), attestation: text(found.response.attestationObject) };
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const told = form.querySelector("[data-told]");
      const asked = JSON.parse(form.dataset.passkey);
      try {
        told.hidden = true;
        form.elements.assertion.value = JSON.stringify(await (asked.user_id ? made(asked) : signed(asked)));
        form.submit();
      } catch (problem) {
        told.hidden = false;
      }
    });
  }
})();
