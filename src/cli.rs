//! The command line, read.

use std::{collections::BTreeMap, process::ExitCode};

use camino::Utf8PathBuf;
use clap::{CommandFactory as _, Parser, Subcommand, error::ErrorKind};
use jiff::Timestamp;

use crate::{
    Result, commands,
    context::{Configuration, Context},
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
    /// The configuration file [default: relkit.toml at the repository's root]
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
    Status(commands::status::Args),
    Bump(commands::bump::Args),
    Changelog(commands::changelog::Args),
    Notes(commands::notes::Args),
    Candidate(commands::candidate::Args),
    Publish(commands::publish::Args),
    Sign(commands::sign::Args),
    Verify(commands::verify::Args),
    Trust(commands::trust::Args),
    Apply(commands::apply::Args),
    Wheel(commands::wheel::Args),
    Xcframework(commands::xcframework::Args),
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

/// What clap prints itself, and what it refuses.
fn refuse(error: &clap::Error, form: Form, github: Option<Github>) -> ExitCode {
    if !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = error.print();
        return ExitCode::from(if error.use_stderr() {
            exit::USAGE
        } else {
            exit::SUCCESS
        });
    }
    let text = error.render().to_string();
    let mut parts = text.trim_start_matches("error: ").split("\n\n");
    let lines = |part: &str| {
        let words: Vec<_> = part.split_whitespace().collect();
        words.join(" ").replace('\'', "`")
    };
    let message = lines(parts.next().unwrap_or_default());
    let tip = parts.find_map(|part| part.trim().strip_prefix("tip: ").map(lines));
    // How to pass an option as a value is hardly ever what was meant.
    let tip = tip.filter(|tip| !tip.starts_with("to pass"));
    let usage = text
        .lines()
        .find_map(|line| line.strip_prefix("Usage: ").map(lines));
    let help = tip
        .or_else(|| usage.map(|usage| format!("see `{} --help`", command(&usage))))
        .unwrap_or_else(|| "`relkit help` lists the commands".to_owned());
    let ui = Ui::new(form, Volume::Normal, github);
    finish(&ui, Err(UsageError::Arguments { message, help }.into()))
}

/// The command in a usage line: what stands before its options and arguments.
fn command(usage: &str) -> String {
    let words = usage
        .split(' ')
        .take_while(|word| !word.starts_with(['[', '<', '-']));
    words.collect::<Vec<_>>().join(" ")
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
    ctx.directory = fs::absolute(&cli.global.directory)?;
    ctx.root = match (Git::discover(&ctx.directory), &cli.command) {
        (Ok(git), _) => git.root,
        // A signature is verified wherever the file stands.
        (Err(_), Command::Verify(_)) => ctx.directory.clone(),
        (Err(error), _) => return Err(error.into()),
    };
    ui.relative_to(&ctx.root);
    let configured = ctx.var("RELKIT_CONFIG").map(Utf8PathBuf::from);
    if let Some(path) = cli.global.config.or(configured) {
        ctx.config = Configuration::Named(ctx.seen(&path));
    }
    ui.detail("Root", ctx.root.as_str());
    ui.detail("Policy", ctx.config.path());
    match &cli.command {
        Command::Init(args) => commands::init::run(&ctx, ui, args),
        Command::Status(args) => commands::status::run(&ctx, ui, args),
        Command::Notes(args) => commands::notes::run(&ctx, ui, args),
        Command::Bump(args) => commands::bump::run(&ctx, ui, args),
        Command::Changelog(args) => commands::changelog::run(&ctx, ui, args),
        Command::Candidate(args) => commands::candidate::run(&ctx, ui, args),
        Command::Publish(args) => commands::publish::run(&ctx, ui, args),
        Command::Sign(args) => commands::sign::run(&ctx, ui, args),
        Command::Verify(args) => commands::verify::run(&ctx, ui, args),
        Command::Trust(args) => commands::trust::run(&ctx, ui, args),
        Command::Apply(args) => commands::apply::run(&ctx, ui, args),
        Command::Wheel(args) => commands::wheel::run(&ctx, ui, args),
        Command::Xcframework(args) => commands::xcframework::run(&ctx, ui, args),
        Command::Demo(_)
        | Command::Explain(_)
        | Command::Completions(_)
        | Command::Reference(_) => Ok(()),
    }
}
