// Passkeys: <form data-passkey="create|get|sign-in" data-options='…'> with a hidden field "credential" and a button.
// The browser and the server speak in bytes, the page in base64url: both ways are converted here.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const withBytes = (asked) => {
  const options = { ...asked, challenge: bytes(asked.challenge) };
  if (options.user) options.user = { ...options.user, id: bytes(options.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    options[list] = (options[list] ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return options;
};

const withText = (credential) => {
  const { response } = credential;
  const answer = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) answer[part] = text(response[part]);
  }
  if (response.getTransports) answer.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: answer,
  };
};

const create = (form) => {
  const { publicKey } = JSON.parse(form.dataset.options);
  const alone = form.querySelector("[name=passwordless]")?.checked ?? false;
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone ? { userVerification: "required" } : {}),
  };
  return navigator.credentials.create({ publicKey: withBytes(publicKey) });
};

const get = async (form) => {
  let options = form.dataset.options && JSON.parse(form.dataset.options);
  if (!options) {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    options = (await answer.json()).request_options;
  }
  return navigator.credentials.get({ publicKey: withBytes(options.publicKey) });
};

document.querySelectorAll("form[data-passkey]").forEach((form) => {
  const refusal = form.querySelector("[data-passkey-refusal]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    refusal.hidden = true;
    try {
      const credential = await (form.dataset.passkey === "create" ? create(form) : get(form));
      form.querySelector("[name=credential]").value = JSON.stringify(withText(credential));
      form.submit();
    } catch {
      refusal.hidden = false;
    }
  });
  if (!window.PublicKeyCredential) form.querySelector("button").disabled = true;
});
