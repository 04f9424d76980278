//! `relkit wheel`

use camino::Utf8PathBuf;

use super::{DryRun, show_or_apply};
use crate::{
    Result,
    apply::Clearance,
    context::Context,
    gather,
    plan::{ArtifactStep, Plan, Step},
    ui::Ui,
    wheel::{self, Part, PlanError, Retag, RetagError},
};

/// Give wheels other tags
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    Retag(RetagArgs),
}

/// Give wheels other tags: WHEEL, RECORD and the file name, and no byte besides
///
/// The old wheel stays. A wheel that stands in the new one's place is never overwritten.
#[derive(clap::Args, Debug, Default)]
pub struct RetagArgs {
    /// The wheels
    #[arg(required = true)]
    wheels: Vec<Utf8PathBuf>,
    /// All three tags, for example py3-none-macosx_14_0_arm64
    #[arg(long, required_unless_present_any = ["python_tag", "abi_tag", "platform_tag", "build"])]
    tag: Option<String>,
    /// The interpreter: =X or X in place of what there is, +X besides, -X away
    #[arg(long, value_name = "[=+-]X", allow_hyphen_values = true)]
    python_tag: Option<String>,
    /// The binary interface, likewise
    #[arg(long, value_name = "[=+-]X", allow_hyphen_values = true)]
    abi_tag: Option<String>,
    /// The platform, likewise
    #[arg(long, value_name = "[=+-]X", allow_hyphen_values = true)]
    platform_tag: Option<String>,
    /// The build number; an empty one takes it away
    #[arg(long, value_name = "N")]
    build: Option<String>,
    /// Where to put them [default: beside the old ones]
    #[arg(long, short, value_name = "DIR")]
    output: Option<Utf8PathBuf>,
    #[command(flatten)]
    dry_run: DryRun,
}

impl RetagArgs {
    /// `relkit wheel retag WHEEL --tag TAG -o DIR`.
    pub(super) fn to(wheel: String, tag: &str, directory: &str) -> Self {
        Self {
            wheels: vec![wheel.into()],
            tag: Some(tag.to_owned()),
            output: Some(directory.into()),
            ..Self::default()
        }
    }
}

/// Runs the command.
pub fn run(ctx: &Context, ui: &Ui, args: &Args) -> Result<()> {
    match &args.command {
        Command::Retag(args) => retag(ctx, ui, args),
    }
}

/// `relkit wheel retag`.
pub fn retag(ctx: &Context, ui: &Ui, args: &RetagArgs) -> Result<()> {
    let parts = [
        (Part::Python, &args.python_tag),
        (Part::Abi, &args.abi_tag),
        (Part::Platform, &args.platform_tag),
    ];
    let parts = parts.into_iter();
    let tags = args.tag.as_deref().map(str::parse).transpose();
    let retag = Retag {
        tags: tags.map_err(|error| PlanError::from(RetagError::from(error)))?,
        parts: parts
            .filter_map(|(part, text)| Some((part, text.clone()?)))
            .collect(),
        build: args.build.clone(),
    };
    let facts = gather::wheel::facts(ctx, &args.wheels)?;
    let directory = match &args.output {
        Some(directory) => Some(ctx.within(directory)?),
        None => None,
    };
    let plan = wheel::plan(&facts, &retag, directory.as_deref())?;
    if show_or_apply(ctx, ui, (&plan, args.dry_run), Clearance::None)?.is_some() {
        ui.text(&made(&plan));
    }
    Ok(())
}

/// The paths of the new wheels, a line each.
fn made(plan: &Plan) -> String {
    let paths = plan.steps.iter().filter_map(|step| match step {
        Step::Artifact(ArtifactStep::Retag { to, .. }) => Some(format!("{to}\n")),
        _ => None,
    });
    paths.collect()
}
