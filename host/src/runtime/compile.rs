//! From WebAssembly to machine code, in a process of its own that can be killed.
//!
//! The compiler is large and its input is hostile: a file can keep it busy for minutes, or make
//! it ask for all memory. Nothing inside the process can stop it, so the process is ours to stop.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use wasmtime::{Config, Engine};

use super::error::{ModuleError, shown};

/// Where components are compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compiler {
    /// In a process that can be killed: the path of the `plancheck` program, which is started as
    /// `plancheck compile-artifact …`.
    Child(PathBuf),
    /// In this process, without a time limit: for tests, and for components of our own.
    InProcess,
}

/// The first argument that makes the program call [`compile_artifact_main`].
pub const COMPILE_COMMAND: &str = "compile-artifact";

/// The two kinds of components, which are compiled and run under different configurations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Profile {
    Module,
    Engine,
}

/// What one compilation may use.
#[derive(Clone, Copy)]
pub(super) struct Budget {
    pub(super) timeout: Duration,
    /// Bytes of heap of the process.
    pub(super) memory: u64,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Profile::Module => "module",
            Profile::Engine => "engine",
        }
    }

    /// The configuration, as far as it matters to compiled code.
    pub(super) fn config(self) -> Config {
        /// Native stack of a guest: a quarter of what threads have by default.
        const STACK: usize = 512 << 10;
        let mut config = Config::new();
        config
            .epoch_interruption(true)
            .concurrency_support(false)
            .max_wasm_stack(STACK)
            .wasm_backtrace_max_frames(None)
            .generate_address_map(false)
            .wasm_tail_call(false)
            .wasm_multi_memory(false)
            .wasm_memory64(false)
            .wasm_relaxed_simd(false)
            .wasm_extended_const(false)
            // One upload does not get all cores.
            .parallel_compilation(self == Profile::Engine);
        config
    }
}

/// Compiles a component.
pub(super) fn compile(
    compiler: &Compiler,
    profile: Profile,
    wasm: &[u8],
    budget: Budget,
) -> Result<Vec<u8>, ModuleError> {
    match compiler {
        Compiler::InProcess => precompile(profile, wasm).map_err(ModuleError::Compile),
        Compiler::Child(program) => in_child(program, profile, wasm, budget),
    }
}

fn precompile(profile: Profile, wasm: &[u8]) -> Result<Vec<u8>, String> {
    Engine::new(&profile.config())
        .and_then(|engine| engine.precompile_component(wasm))
        .map_err(|error| shown(&format!("{error:#}")))
}

fn in_child(
    program: &Path,
    profile: Profile,
    wasm: &[u8],
    budget: Budget,
) -> Result<Vec<u8>, ModuleError> {
    let host = |error: io::Error| ModuleError::Host(format!("cannot start the compiler: {error}"));
    // A process that outlives us ends by its own clock.
    let cpu_seconds = budget.timeout.as_secs().saturating_mul(8).max(8);
    let mut child = Command::new(program)
        .arg(COMPILE_COMMAND)
        .arg(profile.name())
        .arg(budget.memory.to_string())
        .arg(cpu_seconds.to_string())
        // It needs none of our settings, and gets none of our secrets.
        .env_clear()
        // The allocator takes memory when it needs it: what it took at its start would not be
        // counted by the limit that the process sets itself.
        .env("MIMALLOC_ARENA_EAGER_COMMIT", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(host)?;
    let (Some(mut stdin), Some(mut stdout), Some(stderr)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(kill(
            child,
            ModuleError::Host("the compiler has no pipes".to_owned()),
        ));
    };
    thread::scope(|scope| {
        // All three pipes move at once, or the process and we would wait for each other.
        scope.spawn(move || {
            // A process that stopped reading says why on its standard error.
            let _ = stdin.write_all(wasm);
        });
        let said = scope.spawn(move || {
            let mut text = Vec::new();
            let _ = stderr.take(4096).read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        });
        let (done, artifact) = mpsc::channel();
        scope.spawn(move || {
            let mut bytes = Vec::new();
            let _ = done.send(stdout.read_to_end(&mut bytes).map(|_| bytes));
        });
        let Ok(artifact) = artifact.recv_timeout(budget.timeout) else {
            let millis = u64::try_from(budget.timeout.as_millis()).unwrap_or(u64::MAX);
            return Err(kill(child, ModuleError::CompileTimeout { millis }));
        };
        let status = child.wait().map_err(host)?;
        let said = said.join().unwrap_or_default();
        match artifact {
            Ok(bytes) if status.success() && !bytes.is_empty() => Ok(bytes),
            _ => Err(ModuleError::Compile(why(status, &said))),
        }
    })
}

/// Ends a process at once and waits until it is gone. Its pipes close, so the threads end too.
fn kill(mut child: Child, because: ModuleError) -> ModuleError {
    // Both fail only for a process that has ended already.
    let _ = child.kill();
    let _ = child.wait();
    because
}

fn why(status: ExitStatus, said: &str) -> String {
    let said = said.trim();
    if said.is_empty() {
        format!("the compiler ended with {status}")
    } else if status.code() == Some(i32::from(REFUSED)) {
        shown(said)
    } else {
        format!("the compiler broke ({status}): {}", shown(said))
    }
}

/// Exit status: the component was refused, and standard error says why.
const REFUSED: u8 = 3;

/// The compiling process: a component on standard input, machine code on standard output.
///
/// `args` are what follows [`COMPILE_COMMAND`]: `module` or `engine`, bytes of heap, seconds of
/// processor time. It limits itself before it reads the first byte.
pub fn compile_artifact_main(args: impl IntoIterator<Item = String>) -> ExitCode {
    let args: Vec<String> = args.into_iter().collect();
    let Some((profile, memory, seconds)) = parse(&args) else {
        eprintln!("usage: {COMPILE_COMMAND} module|engine <bytes of heap> <seconds>");
        return ExitCode::from(2);
    };
    match run(profile, memory, seconds) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(REFUSED)
        }
    }
}

fn parse(args: &[String]) -> Option<(Profile, u64, u64)> {
    let [profile, memory, seconds] = args else {
        return None;
    };
    let profile = [Profile::Module, Profile::Engine]
        .into_iter()
        .find(|p| p.name() == profile)?;
    Some((profile, memory.parse().ok()?, seconds.parse().ok()?))
}

fn run(profile: Profile, memory: u64, seconds: u64) -> Result<(), String> {
    limit_self(memory, seconds).map_err(|error| format!("cannot limit itself: {error}"))?;
    let mut wasm = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut wasm)
        .map_err(|error| error.to_string())?;
    let artifact = precompile(profile, &wasm)?;
    io::stdout()
        .lock()
        .write_all(&artifact)
        .map_err(|error| error.to_string())
}

#[cfg(unix)]
fn limit_self(memory: u64, seconds: u64) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limits = [
        (Resource::Data, memory),
        (Resource::Cpu, seconds),
        (Resource::Core, 0),
    ];
    for (resource, limit) in limits {
        setrlimit(
            resource,
            Rlimit {
                current: Some(limit),
                maximum: Some(limit),
            },
        )?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn limit_self(_memory: u64, _seconds: u64) -> io::Result<()> {
    Ok(())
}
