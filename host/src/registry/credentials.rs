//! Who we are for a registry: from variables, else as `docker login` left it. Never logged or printed.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use oci_client::secrets::RegistryAuth;
use serde::Deserialize;

const USER: &str = "PLANCHECK_REGISTRY_USER";
const PASSWORD: &str = "PLANCHECK_REGISTRY_PASSWORD";
/// Bytes of the file of Docker.
const LARGEST: u64 = 1 << 20;

#[derive(Default, Deserialize)]
struct Config {
    #[serde(default)]
    auths: std::collections::HashMap<String, Login>,
}

#[derive(Deserialize)]
struct Login {
    /// `user:password` in base64.
    auth: Option<String>,
}

/// What is known for a registry; nobody in particular where nothing is.
pub(super) fn of(registry: &str) -> RegistryAuth {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    if let (Some(user), Some(password)) = (set(USER), set(PASSWORD)) {
        return RegistryAuth::Basic(user, password);
    }
    from_docker(registry).unwrap_or(RegistryAuth::Anonymous)
}

fn from_docker(registry: &str) -> Option<RegistryAuth> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let folder = set("DOCKER_CONFIG").map(PathBuf::from);
    let folder = folder.or_else(|| Some(PathBuf::from(set("HOME")?).join(".docker")))?;
    let path = folder.join("config.json");
    let fits = std::fs::metadata(&path).is_ok_and(|about| about.len() <= LARGEST);
    let text = fits.then(|| std::fs::read(&path).ok()).flatten()?;
    login(&text, registry)
}

/// Of a file of Docker. Programs that keep secrets for it (`credsStore`) are not asked.
fn login(file: &[u8], registry: &str) -> Option<RegistryAuth> {
    let config: Config = serde_json::from_slice(file).ok()?;
    let names = [
        registry.to_owned(),
        format!("https://{registry}"),
        format!("https://{registry}/v1/"),
    ];
    let login = names.iter().find_map(|name| config.auths.get(name))?;
    let decoded = STANDARD.decode(login.auth.as_ref()?).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (user, password) = text.split_once(':')?;
    Some(RegistryAuth::Basic(user.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_are_those_of_docker() {
        let file = br#"{"auths":{"a.example":{"auth":"bWU6c2VjOnJldA=="},"b.example":{},
            "https://index.docker.io/v1/":{"auth":"eDp5"}},"credsStore":"desktop"}"#;
        let basic = |user: &str, password: &str| {
            Some(RegistryAuth::Basic(user.to_owned(), password.to_owned()))
        };
        assert_eq!(login(file, "a.example"), basic("me", "sec:ret"));
        assert_eq!(login(file, "index.docker.io"), basic("x", "y"));
        for nobody in ["b.example", "c.example", ""] {
            assert_eq!(login(file, nobody), None);
        }
        assert_eq!(login(b"{", "a.example"), None);
    }
}
