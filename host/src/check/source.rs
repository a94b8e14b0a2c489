//! Where the bytes of a model come from.

use super::CheckError;

/// A model as it comes: IFC, IFC in a zip archive, or JSON. The engine gets it in parts, so that a
/// large file is held once and not twice.
pub enum ModelSource<'a> {
    /// It is there.
    Bytes(&'a [u8]),
    /// It is read.
    Stream {
        /// From here.
        read: Box<dyn std::io::Read + 'a>,
        /// So many bytes; 0: nobody knows.
        expected: u64,
    },
}

/// Bytes of a part. Large enough that a call costs nothing beside it, small beside a model.
const PART: usize = 1 << 20;

/// Takes a part; the number is how many bytes all will be, 0 when nobody knows.
pub(super) type TakePart<'t> = dyn FnMut(&[u8], u64) -> Result<(), CheckError> + 't;

impl ModelSource<'_> {
    /// Hands over part after part.
    pub(super) fn feed(self, take: &mut TakePart<'_>) -> Result<(), CheckError> {
        match self {
            ModelSource::Bytes(bytes) => bytes
                .chunks(PART)
                .try_for_each(|part| take(part, bytes.len() as u64)),
            ModelSource::Stream { mut read, expected } => {
                let mut part = vec![0; PART];
                loop {
                    match read.read(&mut part) {
                        Ok(0) => return Ok(()),
                        Ok(count) => take(part.get(..count).unwrap_or_default(), expected)?,
                        Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                        Err(error) => return Err(CheckError::Unreadable(error)),
                    }
                }
            }
        }
    }

    /// All of it.
    #[cfg(feature = "native-engine")]
    pub(crate) fn read(self) -> Result<Vec<u8>, CheckError> {
        let mut fed = plancheck_engine::model::Fed::new();
        self.feed(&mut |part, expected| {
            fed.feed(part, expected)
                .map_err(|_| CheckError::TooLarge { limit: expected })
        })?;
        Ok(fed.take())
    }
}
