//! Speaks to a registry, within bounds of time and size.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use oci_client::client::{ClientConfig, ClientProtocol};
use oci_client::errors::OciDistributionError as Oci;
use oci_client::manifest::OciDescriptor;
use oci_client::{Client, Reference, RegistryOperation};
use reqwest::{StatusCode, header};
use tokio::io::AsyncWrite;

use super::kept::Kept;
use super::{
    Artifact, Fetched, LARGEST_MANIFEST, MANIFEST, Manifest, RegistryError, credentials, sha256,
};
use crate::render::{cut, safe};
use oci_client::secrets::RegistryAuth;

/// For a connection to be made, for the next bytes to come, and for all of it.
const CONNECT: Duration = Duration::from_secs(10);
const NEXT: Duration = Duration::from_secs(15);
const ALL: Duration = Duration::from_secs(60);
/// Registries send to where their bytes lie; more would be a circle.
const REDIRECTS: usize = 5;

/// Layers that are kept already are not fetched.
pub(super) fn pull(artifact: &Artifact, kept: &Kept) -> Result<Fetched, RegistryError> {
    let reference = artifact.reference.clone();
    in_time(async move {
        let registry = Registry::new(&reference)?;
        let (manifest, digest) = registry.manifest().await?;
        let named = Manifest::read(&manifest)?;
        let mut layers = Vec::new();
        for layer in &named.layers {
            let (what, limit) = layer.limit()?;
            if let Some(known) = kept.read(&layer.digest, limit) {
                layers.push(known);
                continue;
            }
            let descriptor = OciDescriptor {
                media_type: layer.media_type.clone(),
                digest: layer.digest.clone(),
                size: i64::try_from(layer.size).unwrap_or(i64::MAX),
                ..OciDescriptor::default()
            };
            let mut into = Bounded {
                bytes: Vec::new(),
                most: limit,
            };
            let pulled = registry
                .client
                .pull_blob(&reference, &descriptor, &mut into)
                .await;
            pulled.map_err(|error| said(&error, what, limit))?;
            // The digest was held against the bytes on the way.
            layers.push(into.bytes.into());
        }
        Ok(Fetched {
            digest,
            manifest,
            layers,
        })
    })
}

pub(super) fn push(
    artifact: &Artifact,
    blobs: Vec<(String, Bytes)>,
    manifest: Bytes,
) -> Result<(), RegistryError> {
    let reference = artifact.reference.clone();
    in_time(async move {
        let registry = Registry::new(&reference)?;
        let sent = async {
            let (client, auth) = (&registry.client, &registry.auth);
            client
                .auth(&reference, auth, RegistryOperation::Push)
                .await?;
            for (digest, bytes) in blobs {
                client.push_blob(&reference, bytes, &digest).await?;
            }
            let kind = header::HeaderValue::from_static(MANIFEST);
            client.push_manifest_raw(&reference, manifest, kind).await
        };
        sent.await
            .map(|_| ())
            .map_err(|error| said(&error, "a module", 0))
    })
}

/// Runs it on a thread of its own, whatever the caller's threads are for.
fn in_time<T: Send>(
    work: impl Future<Output = Result<T, RegistryError>> + Send,
) -> Result<T, RegistryError> {
    let broken = |why: &dyn std::fmt::Display| RegistryError::Unreachable(why.to_string());
    // What is installed already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    std::thread::scope(|scope| {
        let ended = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let runtime = runtime.map_err(|error| broken(&error))?;
            runtime.block_on(async {
                let ended = tokio::time::timeout(ALL, work).await;
                ended.unwrap_or(Err(RegistryError::TooSlow {
                    seconds: ALL.as_secs(),
                }))
            })
        });
        ended
            .join()
            .unwrap_or_else(|_| Err(broken(&"the client broke off")))
    })
}

struct Registry<'r> {
    reference: &'r Reference,
    client: Client,
    http: reqwest::Client,
    auth: RegistryAuth,
    scheme: &'static str,
}

impl<'r> Registry<'r> {
    fn new(reference: &'r Reference) -> Result<Registry<'r>, RegistryError> {
        let registry = reference.resolve_registry();
        let here = is_loopback(registry);
        let config = ClientConfig {
            protocol: if here {
                ClientProtocol::Http
            } else {
                ClientProtocol::Https
            },
            connect_timeout: Some(CONNECT),
            read_timeout: Some(NEXT),
            use_monolithic_push: true,
            user_agent: concat!("plancheck/", env!("CARGO_PKG_VERSION")),
            ..ClientConfig::default()
        };
        let cannot = |error: &dyn std::fmt::Display| RegistryError::Unreachable(error.to_string());
        let client = Client::try_from(config).map_err(|error| cannot(&error))?;
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .read_timeout(NEXT)
            .redirect(reqwest::redirect::Policy::limited(REDIRECTS))
            .build()
            .map_err(|error| cannot(&error))?;
        Ok(Registry {
            reference,
            client,
            http,
            auth: credentials::of(registry),
            scheme: if here { "http" } else { "https" },
        })
    }

    /// The manifest and its digest. Read here, because the client would take one of any size.
    async fn manifest(&self) -> Result<(Bytes, String), RegistryError> {
        let token = self
            .client
            .auth(self.reference, &self.auth, RegistryOperation::Pull)
            .await;
        let token = token.map_err(|error| said(&error, "a token", 0))?;
        let which = self
            .reference
            .digest()
            .or(self.reference.tag())
            .unwrap_or_default();
        let url = format!(
            "{}://{}/v2/{}/manifests/{which}",
            self.scheme,
            self.reference.resolve_registry(),
            self.reference.repository()
        );
        let mut request = self.http.get(url).header(header::ACCEPT, MANIFEST);
        request = match (token, &self.auth) {
            (Some(token), _) => request.bearer_auth(token),
            (None, RegistryAuth::Basic(user, password)) => request.basic_auth(user, Some(password)),
            (None, _) => request,
        };
        let mut response = request.send().await.map_err(|error| unreachable(&error))?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Err(RegistryError::NotFound),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Err(RegistryError::Denied),
            status if status.is_server_error() => {
                return Err(RegistryError::Unreachable(format!("it answers {status}")));
            }
            status => return Err(RegistryError::Refused(status.to_string())),
        }
        let mut bytes = Vec::new();
        while let Some(part) = response
            .chunk()
            .await
            .map_err(|error| unreachable(&error))?
        {
            if bytes.len() + part.len() > LARGEST_MANIFEST {
                return Err(RegistryError::TooLarge {
                    what: "the manifest",
                    limit: LARGEST_MANIFEST,
                });
            }
            bytes.extend_from_slice(&part);
        }
        let digest = sha256(&bytes);
        match self.reference.digest() {
            Some(wanted) if wanted != digest => Err(RegistryError::Digest {
                what: "the manifest",
            }),
            _ => Ok((bytes.into(), digest)),
        }
    }
}

/// Registries of this machine have no TLS, as with Docker.
fn is_loopback(registry: &str) -> bool {
    let host = registry.rsplit_once(':').map_or(registry, |(host, _)| host);
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn unreachable(error: &reqwest::Error) -> RegistryError {
    if error.is_timeout() {
        return RegistryError::TooSlow {
            seconds: NEXT.as_secs(),
        };
    }
    // The address may be that of another place, with a token in it.
    let kind = match error {
        error if error.is_connect() => "no connection",
        error if error.is_redirect() => "it sends from one address to the next",
        _ => "the answer breaks off",
    };
    RegistryError::Unreachable(kind.to_owned())
}

/// What went wrong, without addresses and bodies that could hold secrets.
fn said(error: &Oci, what: &'static str, limit: usize) -> RegistryError {
    match error {
        Oci::RequestError(error) => unreachable(error),
        Oci::IoError(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
            RegistryError::TooLarge { what, limit }
        }
        Oci::DigestError(_) => RegistryError::Digest { what },
        Oci::AuthenticationFailure(_) | Oci::UnauthorizedError { .. } => RegistryError::Denied,
        Oci::ServerError { code, .. } => match code {
            401 | 403 => RegistryError::Denied,
            404 => RegistryError::NotFound,
            500.. => RegistryError::Unreachable(format!("it answers {code}")),
            code => RegistryError::Refused(format!("status {code}")),
        },
        Oci::ImageManifestNotFoundError(_) => RegistryError::NotFound,
        Oci::RegistryError { envelope, .. } => {
            let codes = envelope
                .errors
                .iter()
                .map(|error| format!("{:?}", error.code));
            let codes: Vec<String> = codes.collect();
            match codes.join(", ") {
                codes if codes.contains("Unauthorized") || codes.contains("Denied") => {
                    RegistryError::Denied
                }
                codes if codes.contains("Unknown") => RegistryError::NotFound,
                codes => RegistryError::Refused(codes),
            }
        }
        other => {
            let kind = format!("{other:?}");
            let kind = kind.split(['(', '{', ' ']).next().unwrap_or_default();
            RegistryError::Refused(cut(&safe(kind), 60).into_owned())
        }
    }
}

/// Takes so many bytes and no more.
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
}

impl AsyncWrite for &mut Bounded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        part: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        if self.bytes.len() + part.len() > self.most {
            return Poll::Ready(Err(std::io::ErrorKind::FileTooLarge.into()));
        }
        self.bytes.extend_from_slice(part);
        Poll::Ready(Ok(part.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
