//! Builds what runs in a page: the engine with its glue, the packages, and the app that the host
//! embeds. What did not change since the last time is left alone.

mod glue;
mod node;
mod order;
mod stamp;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::context::Context;
use crate::process;
use crate::toolchain::{self, Toolchain};

pub use node::Node;
use stamp::Inputs;

/// Bytes of the engine as it crosses the network. Beyond this the build fails.
const MAX_ENGINE_GZIP: u64 = 600_000;
/// What the engine should stay below.
const ENGINE_GZIP_GOAL: u64 = 350_000;

/// `./x web`
pub fn web(context: &Context, arguments: &[String]) -> Result<()> {
    let toolchain = toolchain::prepare(context)?;
    match arguments {
        [] => {
            crate::wasm::build(context, &toolchain)?;
            build(context, &toolchain, &node::prepare(context)?)
        }
        [word] if word == "engine" => engine(context, &toolchain, &node::prepare(context)?),
        _ => bail!("web takes the word engine, or nothing"),
    }
}

/// Builds the page when Node is there; otherwise says loudly that the host goes without.
pub fn build_if_possible(context: &Context, toolchain: &Toolchain) -> Result<()> {
    match node::prepare(context) {
        Ok(node) => build(context, toolchain, &node),
        Err(error) => {
            process::announce("NO WEB PAGE: the server shows a plain page instead of the viewer");
            eprintln!("    {error:#}");
            Ok(())
        }
    }
}

/// Builds the engine for browsers, the packages and the app. The jurisdiction modules are built.
pub fn build(context: &Context, toolchain: &Toolchain, node: &Node) -> Result<()> {
    engine(context, toolchain, node)?;
    app(context, node, &Folders::new(context))
}

/// Builds the engine for browsers alone.
fn engine(context: &Context, toolchain: &Toolchain, node: &Node) -> Result<()> {
    let folders = Folders::new(context);
    install_packages(context, node, &folders)?;
    let core = process::step("Engine for browsers to WebAssembly", || {
        crate::wasm::compile_engine_for_browsers(context, toolchain)
    })?;
    glue_and_size(context, node, &folders, core)
}

/// Node, a browser, and services: what building and testing everything needs.
pub fn tools(context: &Context) -> Result<Node> {
    let node = node::prepare(context)?;
    node::prepare_browser(context)?;
    node::prepare_services(context)?;
    Ok(node)
}

/// `npm run check` and `npm run format:check`: types and format of everything under web-demo.
pub fn check(context: &Context, node: &Node) -> Result<()> {
    let folders = Folders::new(context);
    for script in ["format:check", "check"] {
        process::step(&format!("npm run {script}"), || {
            process::run(node.npm(context, &folders.web).args(["run", script]))
        })?;
    }
    Ok(())
}

/// `npm test`: in Node, in a real browser, and in an edge runtime.
pub fn test(context: &Context, node: &Node) -> Result<()> {
    process::step(
        "The program and the hostile modules that the tests load",
        || {
            // The features and the small test of `./x demo`, so that nothing is built again.
            process::run(context.cargo().args([
                "build",
                "--workspace",
                "--bin",
                "plancheck",
                "--bin",
                "hostile-modules",
                "--test",
                "manifest",
            ]))?;
            let name = format!("hostile-modules{}", std::env::consts::EXE_SUFFIX);
            let writer = context.plancheck()?.with_file_name(name);
            process::run(
                context
                    .program(writer)
                    .arg(context.components().join("hostile")),
            )
        },
    )?;
    process::announce("Tests in browser, Node and edge runtime: npm test");
    let folders = Folders::new(context);
    process::run(node.npm(context, &folders.web).arg("test"))
}

/// `npm run bench`: the package in a real browser, beside the same code natively and a peer.
pub fn bench(context: &Context, node: &Node) -> Result<()> {
    process::step("The native program that the bench compares with", || {
        let build = ["build", "--workspace", "--example", "native_times"];
        process::run(context.cargo().args(build))
    })?;
    let folders = Folders::new(context);
    process::run(node.npm(context, &folders.web).args(["run", "bench"]))
}

/// Where things lie.
struct Folders {
    /// `web-demo`
    web: PathBuf,
    /// `web-demo/packages/engine/wasm`: the engine and its glue.
    engine: PathBuf,
    /// Where stamps and what is made on the way are kept.
    own: PathBuf,
}

impl Folders {
    fn new(context: &Context) -> Folders {
        let web = context.root.join("web-demo");
        Folders {
            engine: web.join("packages/engine/wasm"),
            own: context.root.join("target/web"),
            web,
        }
    }
}

/// `npm ci`, when the lock file is another than at the last time.
fn install_packages(context: &Context, node: &Node, folders: &Folders) -> Result<()> {
    let mut inputs = Inputs::new(&node.version);
    for name in ["package.json", "package-lock.json"] {
        inputs.file(&folders.web.join(name))?;
    }
    let stamp = folders.web.join("node_modules/.plancheck-stamp");
    if inputs.same_as(&stamp) {
        return Ok(());
    }
    process::step("npm ci (packages of the web part)", || {
        let mut npm = node.npm(context, &folders.web);
        process::run(npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))?;
        inputs.write(&stamp)
    })
}

/// Writes the glue, optimises the engine, and looks at its size.
fn glue_and_size(context: &Context, node: &Node, folders: &Folders, core: Vec<u8>) -> Result<()> {
    let mut inputs = Inputs::new(glue::VERSION);
    inputs.bytes(&core);
    inputs.file(&folders.web.join("node_modules/binaryen/package.json"))?;
    inputs.text(&glue::OPTIMISE.join(" "));
    inputs.text(&glue::FEATURES.join(" "));
    inputs.text(order::VERSION);
    let stamp = folders.own.join("engine.stamp");
    let module = folders.engine.join("engine_bg.wasm");
    if !(inputs.same_as(&stamp) && module.is_file()) {
        process::step("Glue and wasm-opt", || {
            let made = folders.own.join("glue");
            glue::generate(core, &made)?;
            let optimised = made.join("optimised.wasm");
            let wasm_opt = |arguments: &[&str], from: &Path, to: &Path| {
                let mut command = node.node(context);
                command.arg(folders.web.join("node_modules/binaryen/bin/wasm-opt"));
                command.arg(from).args(glue::FEATURES).args(arguments);
                process::run(command.arg("-o").arg(to))
            };
            wasm_opt(glue::OPTIMISE, &made.join("engine_bg.wasm"), &optimised)?;
            let named = made.join("named.wasm");
            fs::write(&named, order::named(&fs::read(&optimised)?)?)?;
            wasm_opt(order::BY_NAME, &named, &optimised)?;
            fs::create_dir_all(&folders.engine)?;
            for name in ["engine.js", "engine.d.ts"] {
                fs::copy(made.join(name), folders.engine.join(name))?;
            }
            fs::copy(&optimised, &module)?;
            inputs.write(&stamp)
        })?;
    }
    let bytes = fs::read(&module)?;
    let packed = gzip(context, node, &module)?;
    eprintln!(
        "    engine for browsers: {} kB, {} kB gzip (goal {}, limit {})",
        bytes.len().div_ceil(1000),
        packed.div_ceil(1000),
        ENGINE_GZIP_GOAL / 1000,
        MAX_ENGINE_GZIP / 1000
    );
    ensure!(
        packed <= MAX_ENGINE_GZIP,
        "the engine for browsers is {packed} bytes in gzip; at most {MAX_ENGINE_GZIP} may cross the network"
    );
    Ok(())
}

/// How many bytes a file has in gzip, at its best.
fn gzip(context: &Context, node: &Node, file: &Path) -> Result<u64> {
    const SCRIPT: &str = "const file = require('fs').readFileSync(process.argv[1]);\
        console.log(require('zlib').gzipSync(file, { level: 9 }).length)";
    let mut command = node.node(context);
    let length = process::output(command.args(["-e", SCRIPT]).arg(file))?;
    length
        .trim()
        .parse()
        .context("the length of a file in gzip")
}

/// Folders of web-demo that are made, not written.
const MADE: &[&str] = &["node_modules", "dist", "wasm"];
/// Folders of web-demo that the page is not made of.
const BESIDE: &[&str] = &["tests", "bench", "examples"];

/// `npm run build`, then the compressed variants that the host hands out.
fn app(context: &Context, node: &Node, folders: &Folders) -> Result<()> {
    let without = [MADE, BESIDE].concat();
    let inputs = || {
        let mut inputs = Inputs::new(&node.version);
        inputs.folder(&folders.web, &without)?;
        inputs.folder(&folders.engine, &[])?;
        inputs.folder(&context.components().join("modules"), &[])?;
        inputs.folder(&context.root.join("demo"), &[])?;
        inputs.folder(&context.root.join("docs"), &["images"])?;
        inputs.text(COMPRESS);
        anyhow::Ok(inputs)
    };
    let stamp = folders.own.join("app.stamp");
    let dist = folders.web.join("dist");
    if inputs()?.same_as(&stamp) && dist.join("index.html").is_file() {
        return Ok(());
    }
    process::step("Packages and app: npm run build", || {
        process::run(node.npm(context, &folders.web).args(["run", "build"]))?;
        if !dist.join("index.html").is_file() {
            bail!(
                "npm run build wrote no {}",
                dist.join("index.html").display()
            );
        }
        compress(context, node, &dist)?;
        // Once more: the build writes types of the report's schema beside the sources.
        inputs()?.write(&stamp)
    })
}

/// Writes a `.br` and a `.gz` beside every file that gets smaller.
const COMPRESS: &str = include_str!("compress.mjs");

fn compress(context: &Context, node: &Node, folder: &Path) -> Result<()> {
    let mut command: Command = node.node(context);
    command.args(["--input-type=module", "-e", COMPRESS]);
    process::run(command.arg(folder))
}
