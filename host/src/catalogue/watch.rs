//! Modules are swapped while a server runs: folders and files are looked at again and again, and what
//! is new there is read, held against its signature, compiled and asked aside. What cannot be used
//! never takes the place of what can.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::find::{self, Raw, Sources, Stamp};
use super::load::load_all;
use super::{Catalogue, CatalogueError, Entry, today};
use crate::check::Problem;
use crate::registry;
use crate::runtime::Runtime;

/// Every so many looks files are read though they look the same from outside: some network volumes
/// keep times of whole seconds.
const READ_EVERY: u32 = 12;

/// How a file of modules stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileState {
    /// What it holds is in use.
    InUse,
    /// It changed, and may not be whole yet. What was in use stays so long.
    Waiting,
    /// What it holds cannot be used. What was in use stays.
    Refused,
}

/// What became of a file of modules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileStatus {
    /// Its name, without the folder.
    pub file: String,
    /// How it stands.
    pub state: FileState,
    /// Since when: RFC 3339, UTC.
    pub since: String,
    /// Why it waits or is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// Modules in use that came from it.
    pub modules: Vec<String>,
}

/// What happened in a look.
#[derive(Clone)]
pub enum Event {
    /// What a file holds is in use from now on.
    Loaded {
        /// The file.
        path: PathBuf,
        /// What it holds.
        entries: Vec<Entry>,
    },
    /// What a file holds cannot be used.
    Refused {
        /// The file.
        path: PathBuf,
        /// Why.
        problem: Problem,
    },
    /// A file has gone, and its modules with it.
    Removed {
        /// The file.
        path: PathBuf,
        /// Ids of its modules.
        modules: Vec<String>,
    },
    /// A folder or file cannot be looked at. What came from there stays.
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        why: String,
    },
}

/// What a look found.
#[derive(Default)]
pub struct Look {
    /// What happened.
    pub events: Vec<Event>,
    /// Another set of modules, to be put in use.
    pub catalogue: Option<Catalogue>,
    /// A file waits: look again soon.
    pub waiting: bool,
}

/// Looks after the files of modules.
pub struct Watcher {
    runtime: Runtime,
    sources: Sources,
    settle: Duration,
    embedded: Vec<Entry>,
    files: Vec<Watched>,
    looks: u32,
    /// What could not be looked at last time.
    unreadable: Vec<(PathBuf, String)>,
}

/// A file, in the order of the catalogue: which source names it, then its path.
struct Watched {
    key: (usize, PathBuf),
    /// What of it is in use.
    used: Vec<Entry>,
    /// What was used or refused; none before that.
    judged: Option<(Stamp, [u8; 32])>,
    /// Why it was refused.
    refused: Option<Problem>,
    changed: Option<Changed>,
    since: String,
}

/// A file that is another one than the one that was judged.
struct Changed {
    /// When that was seen.
    at: Instant,
    /// As it was seen last; none: it has gone.
    stamp: Option<Stamp>,
    /// It was seen like this twice, or need not be.
    steady: bool,
    /// What was made of it as it is.
    tried: Option<Tried>,
}

enum Tried {
    /// It can be used.
    Good([u8; 32], Vec<Entry>),
    /// It cannot, unless something else comes.
    Bad([u8; 32], Vec<Entry>, Problem),
    /// It has gone for long enough.
    Gone,
}

impl Watcher {
    /// Loads what there is. What cannot be loaded is in the catalogue with the reason. `settle`: how
    /// long a file may be incomplete, unsigned or gone before that counts.
    ///
    /// # Errors
    /// [`CatalogueError::Dir`] when a folder cannot be read.
    pub fn start(
        runtime: Runtime,
        sources: Sources,
        settle: Duration,
    ) -> Result<(Watcher, Catalogue), CatalogueError> {
        let mut found = find::embedded(&sources);
        let embedded = found.len();
        let mut files = Vec::new();
        for key in keys(&sources)? {
            let stamp = Stamp::of(&key.1).ok().flatten();
            let raw = Raw::read(&key.1, sources.keep.as_deref());
            let judged = stamp.map(|stamp| (stamp, raw.digest()));
            let parts = raw.found(&key.1);
            files.push((key, judged, parts.len()));
            found.extend(parts);
        }
        let mut entries = load_all(&runtime, &found, &sources.trusted).into_iter();
        let mut watcher = Watcher {
            embedded: entries.by_ref().take(embedded).collect(),
            files: Vec::new(),
            runtime,
            sources,
            settle,
            looks: 0,
            unreadable: Vec::new(),
        };
        for (key, judged, parts) in files {
            let used: Vec<Entry> = entries.by_ref().take(parts).collect();
            watcher.files.push(Watched {
                key,
                refused: problem_of(&used),
                used,
                judged,
                changed: None,
                since: now(),
            });
        }
        let catalogue = watcher.catalogue();
        Ok((watcher, catalogue))
    }

    /// What is in use.
    fn catalogue(&self) -> Catalogue {
        let files = self.files.iter().flat_map(|file| &file.used);
        Catalogue::of(self.embedded.iter().chain(files).cloned())
    }

    /// How each file stands.
    #[must_use]
    pub fn files(&self) -> Vec<FileStatus> {
        self.files.iter().map(Watched::status).collect()
    }

    /// Looks at all files. `decide`: what is there now is whole, however new it is; somebody says so.
    pub fn look(&mut self, now: Instant, decide: bool) -> Look {
        let mut look = Look::default();
        self.looks = self.looks.wrapping_add(1);
        let keep = self.sources.keep.clone();
        let keep = keep.as_deref();
        let read = decide || self.looks.is_multiple_of(READ_EVERY);
        self.sources.trusted.today = today();
        self.find(&mut look);
        for file in &mut self.files {
            let stamp = match Stamp::of(&file.key.1) {
                Ok(stamp) => stamp,
                // A volume that is away for a moment; `find` has said so, or the next look will.
                Err(_) => continue,
            };
            file.notice(stamp, now, read.then_some(keep), decide);
            if file.changed.is_some() {
                file.judge(&self.runtime, &self.sources, now, self.settle, decide);
            }
        }
        self.refuse(now, decide, &mut look);
        self.swap(now, decide, &mut look);
        let dirs = self.sources.dirs.len();
        self.files.retain(|file| {
            file.key.0 >= dirs
                || file.judged.is_some()
                || file.changed.is_some()
                || !file.used.is_empty()
        });
        look.waiting = self.files.iter().any(|file| file.changed.is_some());
        look
    }

    /// Adds files that are new. Folders that cannot be read keep what came from them.
    fn find(&mut self, look: &mut Look) {
        let mut unreadable = Vec::new();
        for (at, dir) in self.sources.dirs.iter().enumerate() {
            let paths = match find::in_dir(dir) {
                Ok(paths) => paths,
                Err(error) => {
                    unreadable.push((dir.clone(), error.to_string()));
                    continue;
                }
            };
            for path in paths {
                let key = (at, path);
                if let Err(place) = self.files.binary_search_by(|file| file.key.cmp(&key)) {
                    self.files.insert(place, Watched::new(key));
                }
            }
        }
        for (path, why) in &unreadable {
            if !self.unreadable.iter().any(|known| known.0 == *path) {
                look.events.push(Event::Unreadable {
                    path: path.clone(),
                    why: why.clone(),
                });
            }
        }
        self.unreadable = unreadable;
    }

    /// What cannot be used and had its time is refused; what was in use stays.
    fn refuse(&mut self, now: Instant, decide: bool, look: &mut Look) {
        for file in &mut self.files {
            let Some(changed) = &mut file.changed else {
                continue;
            };
            let over = decide || now.duration_since(changed.at) >= self.settle;
            let Some(Tried::Bad(..)) = changed.tried.as_ref().filter(|_| over) else {
                continue;
            };
            let Some(Changed {
                stamp: Some(stamp),
                tried: Some(Tried::Bad(digest, entries, problem)),
                ..
            }) = file.changed.take()
            else {
                continue;
            };
            // Something that never could be used keeps its place with the newest reason.
            if !file.used.is_empty() && file.used.iter().all(|entry| entry.state.is_err()) {
                file.used = entries;
            }
            file.judged = Some((stamp, digest));
            file.refused = Some(problem.clone());
            file.since = self::now();
            look.events.push(Event::Refused {
                path: file.key.1.clone(),
                problem,
            });
        }
    }

    /// Puts all in use that is ready, at once. Files that change together are swapped together: while
    /// one is not ready, the others wait for it, but not for long.
    fn swap(&mut self, now: Instant, decide: bool, look: &mut Look) {
        let age = |changed: &Changed| now.duration_since(changed.at);
        let changed = || self.files.iter().filter_map(|file| file.changed.as_ref());
        let ready =
            |changed: &&Changed| matches!(changed.tried, Some(Tried::Good(..) | Tried::Gone));
        let held = changed().any(|one| !ready(&one) && age(one) < self.settle);
        let patient = !changed()
            .filter(ready)
            .any(|one| age(one) >= self.settle * 2);
        if changed().filter(ready).count() == 0 || (held && patient && !decide) {
            return;
        }
        let stays = self.files.iter().any(|file| match &file.changed {
            Some(Changed {
                tried: Some(Tried::Gone),
                ..
            }) => false,
            Some(Changed {
                tried: Some(Tried::Good(..)),
                ..
            }) => true,
            _ => !file.used.is_empty(),
        });
        if !stays && self.embedded.is_empty() {
            // Nothing could be checked: what is in use stays, and each look finds this again.
            return;
        }
        let mut other = false;
        for file in &mut self.files {
            if !file.changed.as_ref().is_some_and(|one| ready(&one)) {
                continue;
            }
            let Some(Changed { stamp, tried, .. }) = file.changed.take() else {
                continue;
            };
            file.since = self::now();
            file.refused = None;
            match (tried, stamp) {
                (Some(Tried::Good(digest, entries)), Some(stamp)) => {
                    file.judged = Some((stamp, digest));
                    if same(&file.used, &entries) {
                        continue;
                    }
                    look.events.push(Event::Loaded {
                        path: file.key.1.clone(),
                        entries: entries.clone(),
                    });
                    file.used = entries;
                }
                _ => {
                    let modules = file.used.drain(..).map(|entry| entry.name);
                    look.events.push(Event::Removed {
                        path: file.key.1.clone(),
                        modules: modules.collect(),
                    });
                    file.judged = None;
                }
            }
            other = true;
        }
        if other {
            look.catalogue = Some(self.catalogue());
        }
    }
}

impl Watched {
    fn new(key: (usize, PathBuf)) -> Watched {
        Watched {
            key,
            used: Vec::new(),
            judged: None,
            refused: None,
            changed: None,
            since: now(),
        }
    }

    /// Holds the file against the look before, and against what was judged. `read`: looks
    /// into it, too; with where artifacts are kept.
    fn notice(
        &mut self,
        stamp: Option<Stamp>,
        now: Instant,
        read: Option<Option<&Path>>,
        decide: bool,
    ) {
        if let Some(changed) = &mut self.changed
            && changed.stamp == stamp
        {
            changed.steady = true;
            if decide {
                changed.tried = None;
            }
            return;
        }
        let same = match (&self.judged, &stamp) {
            (Some((judged, digest)), Some(stamp)) => {
                let other = |keep| Raw::read(&self.key.1, keep).digest() != *digest;
                judged == stamp && !read.is_some_and(other)
            }
            (None, None) => true,
            _ => false,
        };
        if same {
            self.changed = None;
            return;
        }
        let at = match &self.changed {
            // It goes on changing: its time began with the first change.
            Some(changed) => changed.at,
            None => {
                self.since = self::now();
                now
            }
        };
        self.changed = Some(Changed {
            at,
            stamp,
            steady: decide,
            tried: None,
        });
    }

    /// Makes of the file what can be made of it, once it looks the same twice.
    fn judge(
        &mut self,
        runtime: &Runtime,
        sources: &Sources,
        now: Instant,
        settle: Duration,
        decide: bool,
    ) {
        let path = &self.key.1;
        let Some(changed) = &mut self.changed else {
            return;
        };
        if changed.tried.is_some() || !changed.steady {
            return;
        }
        if changed.stamp.is_none() {
            if decide || now.duration_since(changed.at) >= settle {
                changed.tried = Some(Tried::Gone);
            }
            return;
        }
        let raw = Raw::read(path, sources.keep.as_deref());
        // It changed while it was read: the next look sees that.
        if Stamp::of(path).ok() != Some(changed.stamp.clone()) {
            return;
        }
        let digest = raw.digest();
        let entries = load_all(runtime, &raw.found(path), &sources.trusted);
        changed.tried = Some(match problem_of(&entries) {
            None => Tried::Good(digest, entries),
            Some(problem) => Tried::Bad(digest, entries, problem),
        });
    }

    fn status(&self) -> FileStatus {
        let (state, problem) = match (&self.changed, &self.refused) {
            (Some(changed), _) => (FileState::Waiting, Some(changed.problem())),
            (None, Some(problem)) => (FileState::Refused, Some(problem.clone())),
            (None, None) => (FileState::InUse, None),
        };
        let used = self.used.iter().filter(|entry| entry.state.is_ok());
        FileStatus {
            file: shown(&self.key.1),
            state,
            since: self.since.clone(),
            problem,
            modules: used.map(|entry| entry.name.clone()).collect(),
        }
    }
}

impl Changed {
    /// What it waits for.
    fn problem(&self) -> Problem {
        let waits = |code: &str, message: &str| Problem {
            code: code.to_owned(),
            message: message.to_owned(),
        };
        match (&self.tried, &self.stamp) {
            (Some(Tried::Bad(_, _, problem)), _) => problem.clone(),
            (Some(Tried::Good(..)), _) => waits("ready", "it waits for files that came with it"),
            (_, None) => waits("gone", "the file has gone"),
            (_, Some(_)) => waits("changing", "it has changed, and may still be written"),
        }
    }
}

/// The name of a file without its folder; of an artifact all of it.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    match registry::is_artifact(&text) {
        true => text.into_owned(),
        false => path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
    }
}

/// Every file that is named, or lies in a folder that is.
fn keys(sources: &Sources) -> Result<Vec<(usize, PathBuf)>, CatalogueError> {
    let mut keys = Vec::new();
    for (at, dir) in sources.dirs.iter().enumerate() {
        let paths = find::in_dir(dir).map_err(|error| CatalogueError::Dir {
            path: dir.clone(),
            error,
        })?;
        keys.extend(paths.into_iter().map(|path| (at, path)));
    }
    let files = sources.files.iter().enumerate();
    keys.extend(files.map(|(at, path)| (sources.dirs.len() + at, path.clone())));
    Ok(keys)
}

/// Why not all of it can be used.
fn problem_of(entries: &[Entry]) -> Option<Problem> {
    entries
        .iter()
        .find_map(|entry| entry.state.as_ref().err().cloned())
}

/// Whether both are the same modules, signed alike.
fn same(used: &[Entry], other: &[Entry]) -> bool {
    let digests = |entries: &[Entry]| -> Option<Vec<[u8; 32]>> {
        let digests = entries
            .iter()
            .map(|entry| Some(entry.state.as_ref().ok()?.digest()));
        digests.collect()
    };
    let signed = |entries: &[Entry]| -> Vec<_> {
        entries.iter().map(|entry| entry.signed.clone()).collect()
    };
    digests(used).is_some() && digests(used) == digests(other) && signed(used) == signed(other)
}

fn now() -> String {
    jiff::Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string()
}
