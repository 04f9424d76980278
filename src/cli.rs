//! The command line, read.

use std::{collections::BTreeMap, process::ExitCode};

use camino::{Utf8Path, Utf8PathBuf};
use clap::{CommandFactory as _, Parser, Subcommand, error::ErrorKind};
use jiff::Timestamp;

use crate::{
    Result, commands,
    context::Context,
    error::UsageError,
    exit,
    ui::{Form, Github, Ui, Volume},
    world::{fs, git::Git},
};

/// Takes a repository from "ready to release" to "published, and provably so".
///
/// A change shows what it would do with `--dry-run`. Nothing is published without a ready candidate.
#[derive(Debug, Parser)]
#[command(name = "relkit", version, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Args, Debug)]
struct Global {
    /// One JSON document on stdout
    #[arg(long, global = true)]
    json: bool,
    /// Errors only
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// What is looked at, too
    #[arg(long, short, global = true)]
    verbose: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
    /// Work from this directory
    #[arg(
        short = 'C',
        global = true,
        value_name = "DIR",
        default_value = ".",
        hide_default_value = true
    )]
    directory: Utf8PathBuf,
    /// The configuration file, relative to the repository's root [default: relkit.toml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<Utf8PathBuf>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(commands::init::Args),
    Bump(commands::bump::Args),
    Changelog(commands::changelog::Args),
    Candidate(commands::candidate::Args),
    Publish(commands::publish::Args),
    Sign(commands::sign::Args),
    Verify(commands::verify::Args),
    Trust(commands::trust::Args),
    Apply(commands::apply::Args),
    Demo(commands::demo::Args),
    Explain(commands::explain::Args),
    Completions(commands::completions::Args),
    #[command(hide = true)]
    Reference(commands::reference::Args),
}

/// The whole tree of commands, for completions and the reference.
fn tree() -> clap::Command {
    Cli::command()
}

/// Runs relkit with `arguments` (the first is the program's name) in `environment` at `clock`.
pub fn run(
    arguments: Vec<std::ffi::OsString>,
    environment: BTreeMap<String, String>,
    clock: Timestamp,
) -> ExitCode {
    let form = if arguments.iter().any(|argument| argument == "--json") {
        Form::Json
    } else {
        Form::Text
    };
    let github = (environment.get("GITHUB_ACTIONS").map(String::as_str) == Some("true"))
        .then(|| Github::new(environment.get("GITHUB_OUTPUT").map(String::as_str)));
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return refuse(&error, form, github),
    };
    match cli.global.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    let form = if cli.global.json {
        Form::Json
    } else {
        Form::Text
    };
    let volume = match (cli.global.quiet, cli.global.verbose) {
        (true, _) => Volume::Quiet,
        (_, true) => Volume::Verbose,
        _ => Volume::Normal,
    };
    let ui = Ui::new(form, volume, github);
    finish(&ui, dispatch(&ui, cli, environment, clock))
}

fn finish(ui: &Ui, result: Result<()>) -> ExitCode {
    let code = match result {
        Ok(()) => exit::SUCCESS,
        Err(error) => {
            ui.error(&error);
            error.exit_code()
        }
    };
    ExitCode::from(ui.finish(code))
}

/// What clap refuses or prints itself.
fn refuse(error: &clap::Error, form: Form, github: Option<Github>) -> ExitCode {
    let informative = matches!(
        error.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    if form == Form::Json && !informative {
        let ui = Ui::new(form, Volume::Normal, github);
        let text = error.render().to_string();
        let message = text.lines().next().unwrap_or_default();
        let message = message.trim_start_matches("error: ").to_owned();
        return finish(&ui, Err(UsageError::Arguments { message }.into()));
    }
    let _ = error.print();
    ExitCode::from(if error.use_stderr() {
        exit::USAGE
    } else {
        exit::SUCCESS
    })
}

fn dispatch(
    ui: &Ui,
    cli: Cli,
    environment: BTreeMap<String, String>,
    clock: Timestamp,
) -> Result<()> {
    match &cli.command {
        Command::Explain(args) => return commands::explain::run(ui, args),
        Command::Completions(args) => return commands::completions::run(ui, tree(), args),
        Command::Reference(args) => return commands::reference::run(ui, tree(), args),
        _ => {}
    }
    let mut ctx = Context::new(cli.global.directory.clone(), clock, environment)?;
    ctx.executable = fs::executable();
    if let Command::Demo(args) = &cli.command {
        return commands::demo::run(&ctx, ui, args);
    }
    let directory = fs::absolute(&cli.global.directory)?;
    ctx.directory.clone_from(&directory);
    ctx.root = match (Git::discover(&directory), &cli.command) {
        (Ok(git), _) => git.root,
        // A signature is verified wherever the file stands.
        (Err(_), Command::Verify(_)) => directory.clone(),
        (Err(error), _) => return Err(error.into()),
    };
    let configured = ctx.var("RELKIT_CONFIG").map(Utf8PathBuf::from);
    if let Some(path) = cli.global.config.or(configured) {
        ctx.config = relative(&ctx.root, &directory, &path);
    }
    ui.detail("Root", ctx.root.as_str());
    match &cli.command {
        Command::Init(args) => commands::init::run(&ctx, ui, args),
        Command::Bump(args) => commands::bump::run(&ctx, ui, args),
        Command::Changelog(args) => commands::changelog::run(&ctx, ui, args),
        Command::Candidate(args) => commands::candidate::run(&ctx, ui, args),
        Command::Publish(args) => commands::publish::run(&ctx, ui, args),
        Command::Sign(args) => commands::sign::run(&ctx, ui, args),
        Command::Verify(args) => commands::verify::run(&ctx, ui, args),
        Command::Trust(args) => commands::trust::run(&ctx, ui, args),
        Command::Apply(args) => commands::apply::run(&ctx, ui, args),
        Command::Demo(_)
        | Command::Explain(_)
        | Command::Completions(_)
        | Command::Reference(_) => Ok(()),
    }
}

/// A path that the user gave from `directory`, as seen from the root.
fn relative(root: &Utf8Path, directory: &Utf8Path, path: &Utf8Path) -> String {
    let whole = directory.join(path);
    let seen = whole.strip_prefix(root).unwrap_or(&whole);
    seen.as_str().replace('\\', "/")
}
