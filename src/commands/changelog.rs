//! `relkit changelog`

use super::{DryRun, show_or_apply, wanted};
use crate::{
    Result,
    apply::Clearance,
    bump,
    changelog::{
        cliff::{self, Options, Strip},
        history::Selection,
    },
    context::Context,
    gather,
    plan::{FileStep, Plan, Step},
    ui::Ui,
    version::Version,
    world::{git::Git, history},
};

/// Print the changelog as git-cliff does, or release it with `changelog release`
#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    /// Only the commits of this range, for example v0.1.0..HEAD
    range: Option<String>,
    /// Only the commits after the last tag
    #[arg(long, short, group = "selection")]
    unreleased: bool,
    /// Only the last release
    #[arg(long, short, group = "selection")]
    latest: bool,
    /// Only the release of the tag on HEAD
    #[arg(long, group = "selection")]
    current: bool,
    /// Give the unreleased commits to this tag
    #[arg(long, short, value_name = "TAG")]
    tag: Option<String>,
    /// Leave a part out
    #[arg(long, short, value_name = "PART")]
    strip: Option<Part>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Part {
    Header,
    Footer,
    All,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Give what is new to a release, and keep every hand-written line
    Release {
        /// The version, for example 0.2.0
        version: String,
        /// Make it release candidate N of that version
        #[arg(long, value_name = "N")]
        rc: Option<u64>,
        #[command(flatten)]
        dry_run: DryRun,
    },
}

/// Runs the command.
pub fn run(ctx: &Context, ui: &Ui, args: &Args) -> Result<()> {
    match &args.command {
        None => print(ctx, ui, args),
        Some(Command::Release {
            version,
            rc,
            dry_run,
        }) => {
            let version = wanted(version, *rc)?;
            release(ctx, ui, &version, *dry_run)
        }
    }
}

fn print(ctx: &Context, ui: &Ui, args: &Args) -> Result<()> {
    let config = gather::project::config(ctx)?;
    let cliff = gather::bump::read_cliff(&ctx.root, config.changelog.cliff.as_str())?;
    let options = Options {
        selection: selection(args),
        tag: args.tag.clone(),
        strip: match args.strip {
            None => Strip::Nothing,
            Some(Part::Header) => Strip::Header,
            Some(Part::Footer) => Strip::Footer,
            Some(Part::All) => Strip::All,
        },
        now: ctx.now.as_second(),
    };
    let git = Git::discover(&ctx.root)?;
    let history = history::read(&git, &cliff.query(&options))?;
    let text = cliff::render(&cliff, &history, &options)?;
    ui.document(&serde_json::json!({ "schema": "relkit.changelog/1", "text": text }));
    ui.text(&text);
    Ok(())
}

fn selection(args: &Args) -> Selection {
    match (&args.range, args.unreleased, args.latest, args.current) {
        (Some(range), ..) => Selection::Range(range.clone()),
        (_, true, ..) => Selection::Unreleased,
        (_, _, true, _) => Selection::Latest,
        (_, _, _, true) => Selection::Current,
        _ => Selection::default(),
    }
}

fn release(ctx: &Context, ui: &Ui, version: &Version, dry_run: DryRun) -> Result<()> {
    let git = Git::discover(&ctx.root)?;
    let config = gather::project::config(ctx)?;
    let tags = git.tags()?;
    let manifests = gather::project::manifests(ctx, &git, &config.bump.exclude)?;
    let style = gather::bump::style(&config, &manifests);
    let since = gather::bump::Since {
        git: &git,
        tags: &tags,
        style: &style,
        to: version,
    };
    let facts = gather::bump::changelog(ctx, &config, since)?;
    let edit = bump::release_changelog(&facts, version)?;
    let mut plan = Plan::new(
        "relkit changelog",
        format!("release {version} in the changelog"),
    );
    plan.reads
        .file(&edit.path, edit.before.as_deref().map(str::as_bytes));
    plan.steps.push(Step::File(FileStep::Write(edit)));
    show_or_apply(ctx, ui, (&plan, dry_run), Clearance::None).map(drop)
}
