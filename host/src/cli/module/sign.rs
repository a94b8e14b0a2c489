//! `plancheck module keygen` and `sign`: keys and signatures of minisign, so that its own program reads
//! them too.

use std::fs;
use std::io::{self, Cursor, Write as _};
use std::path::{Path, PathBuf};

use minisign::{KeyPair, SecretKey, SecretKeyBox};

use super::super::exit::{self, Failure};
use super::super::{input, output};

/// Make a pair of keys to sign modules with
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck module keygen my-city
  PLANCHECK_KEY_PASSWORD=… plancheck module keygen my-city

Writes my-city.key, which stays secret, and my-city.pub, which hosts are given as a trusted key. The
secret key is encrypted where PLANCHECK_KEY_PASSWORD is set. Both are files of minisign.")]
pub(in crate::cli) struct Keygen {
    /// What the files are called
    #[arg(value_name = "NAME")]
    name: PathBuf,
}

/// Sign modules
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck module sign us-co-denver.wasm --key my-city.key
  plancheck serve --modules-dir . --trusted-key my-city.pub

Writes FILE.wasm.minisig beside each module. An encrypted key is opened with PLANCHECK_KEY_PASSWORD.")]
pub(in crate::cli) struct Sign {
    /// Modules
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The secret key
    #[arg(long, env = "PLANCHECK_KEY", value_name = "FILE")]
    key: PathBuf,
}

/// What the secret key is encrypted with, where it is.
fn password() -> Option<String> {
    std::env::var("PLANCHECK_KEY_PASSWORD")
        .ok()
        .filter(|password| !password.is_empty())
}

pub(super) fn keygen(args: &Keygen) -> Result<u8, Failure> {
    let (secret, public) = (
        args.name.with_extension("key"),
        args.name.with_extension("pub"),
    );
    for path in [&secret, &public] {
        if path.exists() {
            return Err(Failure::usage(format!(
                "{}: exists already",
                path.display()
            )));
        }
    }
    let password = password();
    let encrypted = password.is_some();
    let pair = match password {
        Some(password) => KeyPair::generate_encrypted_keypair(Some(password)),
        None => KeyPair::generate_unencrypted_keypair(),
    };
    let pair = pair.map_err(Failure::fault)?;
    let text = pair
        .sk
        .to_box(Some("plancheck module key"))
        .map_err(Failure::fault)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let cannot = |error: io::Error| Failure::usage(format!("{}: {error}", secret.display()));
    let mut file = options.open(&secret).map_err(cannot)?;
    file.write_all(text.to_string().as_bytes())
        .map_err(cannot)?;
    let text = pair.pk.to_box().map_err(Failure::fault)?;
    output::write(&public, text.to_string().as_bytes())?;
    output::print(&format!(
        "Wrote {} and {}\nThe key to trust: {}\n",
        secret.display(),
        public.display(),
        pair.pk.to_base64()
    ))?;
    if !encrypted {
        eprintln!(
            "plancheck: {} is not encrypted: whoever reads it signs in your name; PLANCHECK_KEY_PASSWORD encrypts it",
            secret.display()
        );
    }
    Ok(exit::CLEAN)
}

pub(super) fn sign(args: &Sign) -> Result<u8, Failure> {
    let key = read_key(&args.key)?;
    for path in &args.files {
        let bytes = input::read(path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let comment = format!("file:{name}");
        let signed = minisign::sign(
            None,
            &key,
            Cursor::new(&bytes),
            Some(&comment),
            Some("signature of a plancheck module"),
        );
        let signature = signed.map_err(Failure::fault)?.into_string();
        let to = signature_path(path);
        output::write(&to, signature.as_bytes())?;
        output::print(&format!("Wrote {}\n", to.display()))?;
    }
    Ok(exit::CLEAN)
}

/// Where the signature of a module's file is.
fn signature_path(module: &Path) -> PathBuf {
    let mut name = module.as_os_str().to_owned();
    name.push(".minisig");
    name.into()
}

fn read_key(path: &Path) -> Result<SecretKey, Failure> {
    let wrong = |why: &dyn std::fmt::Display| Failure::usage(format!("{}: {why}", path.display()));
    let text = String::from_utf8(input::read(path)?)
        .map_err(|_| wrong(&"is no secret key of minisign"))?;
    let read = |text: &str| SecretKeyBox::from_string(text);
    if let Ok(key) = read(&text).and_then(SecretKeyBox::into_unencrypted_secret_key) {
        return Ok(key);
    }
    let Some(password) = password() else {
        return Err(wrong(
            &"is no secret key of minisign, or is encrypted: set PLANCHECK_KEY_PASSWORD",
        ));
    };
    read(&text)
        .and_then(|boxed| boxed.into_secret_key(Some(password)))
        .map_err(|_| {
            wrong(&"PLANCHECK_KEY_PASSWORD does not open it, or it is no secret key of minisign")
        })
}
