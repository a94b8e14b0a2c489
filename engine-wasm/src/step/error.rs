//! Why a file could not be read at all. What is odd inside a readable file is a diagnostic instead.

/// A file that gives no records: what was wrong, where, what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// No bytes, or nothing but white space.
    #[error("the file is empty; export the model again and send that file")]
    Empty,
    /// Something else than ISO 10303-21.
    #[error(
        "this is not an IFC STEP file: it should begin with `ISO-10303-21;` but looks like {found}; {advice}"
    )]
    NotStep {
        /// What the first bytes look like.
        found: &'static str,
        /// What the sender can do.
        advice: &'static str,
    },
    /// Offsets in the index are 32 bits wide.
    #[error(
        "the file has {bytes} bytes; files up to {limit} bytes are read: split the model by building or discipline"
    )]
    TooLarge {
        /// Size of the file.
        bytes: u64,
        /// Largest size that is read.
        limit: u64,
    },
    /// A zip archive without an IFC file in it.
    #[error(
        "the archive has {entries} entries but none whose name ends in .ifc; put the .ifc file in it"
    )]
    ZipNoIfc {
        /// Entries in the archive's directory.
        entries: usize,
    },
    /// The file in the archive is larger than the caller allows.
    #[error(
        "the .ifc file in the archive has {bytes} bytes unpacked; at most {limit} are accepted"
    )]
    ZipTooLarge {
        /// Size the archive states.
        bytes: u64,
        /// Size the caller allows.
        limit: u64,
    },
    /// A zip archive that contradicts itself or does not unpack.
    #[error("the zip archive is damaged ({what}); zip the .ifc file again")]
    ZipCorrupt {
        /// The contradiction.
        what: &'static str,
    },
    /// The entry needs a password.
    #[error("the .ifc file in the archive is encrypted; send it without a password")]
    ZipEncrypted,
    /// Neither stored nor deflated.
    #[error(
        "the .ifc file in the archive uses compression method {method}; zip it with the ordinary deflate method"
    )]
    ZipMethod {
        /// Method number (APPNOTE 4.4.5).
        method: u16,
    },
}

impl StepError {
    /// Stable name of the error, for machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "step.empty",
            Self::NotStep { .. } => "step.not-step",
            Self::TooLarge { .. } => "step.too-large",
            Self::ZipNoIfc { .. } => "step.zip-no-ifc",
            Self::ZipTooLarge { .. } => "step.zip-too-large",
            Self::ZipCorrupt { .. } => "step.zip-corrupt",
            Self::ZipEncrypted => "step.zip-encrypted",
            Self::ZipMethod { .. } => "step.zip-method",
        }
    }
}
