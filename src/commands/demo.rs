//! `relkit demo`: one release of a small project, from bump to publication, and one refusal.

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::json;

use super::{DryRun, bump, candidate, init, publish, sign, wheel, xcframework};
use crate::{
    Error, Result,
    apply::ApplyError,
    context::{Configuration, Context},
    digest::PublicPath,
    error::UsageError,
    sample::{self, Kind},
    ui::{Form, Ui, Volume},
    version::Version,
    world::{framework::PackageError, fs, git::Git},
};

/// Release a small sample project, step by step, offline; then see the gate close
#[derive(clap::Args, Debug)]
pub struct Args {
    /// An empty or new directory [default: one of the system's temporary ones]
    #[arg(value_name = "DIR")]
    into: Option<Utf8PathBuf>,
}

/// Runs the command.
pub fn run(ctx: &Context, ui: &Ui, args: &Args) -> Result<()> {
    let root = directory(args)?;
    let mut env = ctx.env.clone();
    // The keys of the demo's signatures, too, stay in its own directory.
    let data = root.join(".relkit/out/data");
    env.insert("RELKIT_DATA_DIR".to_owned(), data.to_string());
    let demo = Demo {
        ctx: Context {
            env,
            root: root.clone(),
            directory: root.clone(),
            config: Configuration::Default,
            ..ctx.clone()
        },
        // Its own voice: a demo's refusal is no annotation of a workflow, and its steps are no documents.
        ui: match ui.form() {
            Form::Text if ui.volume() > Volume::Quiet => Ui::new(Form::Text, ui.volume(), None),
            _ => Ui::new(Form::Nothing, Volume::Quiet, None),
        },
    };
    demo.ui.relative_to(&root);
    let version = Version::new(0, 2, 0).candidate(1);
    let git = demo.project()?;
    demo.release(&git, &version)?;
    let refusal = demo.refusal(&version)?;
    demo.what_next();
    ui.document(&json!({
        "schema": "relkit.demo/1",
        "directory": root,
        "version": version,
        "published": publish::DEFAULT_CHANNEL,
        "refusal": {
            "exit_code": refusal.exit_code(),
            "blockers": refusal.findings(),
        },
    }));
    Ok(())
}

fn directory(args: &Args) -> Result<Utf8PathBuf> {
    let Some(directory) = &args.into else {
        return Ok(fs::temporary_directory("relkit-demo")?);
    };
    if !fs::is_vacant(directory)? {
        return Err(UsageError::NotEmpty {
            path: directory.to_string(),
        }
        .into());
    }
    fs::create_dir(directory)?;
    Ok(fs::absolute(directory)?)
}

struct Demo {
    ctx: Context,
    ui: Ui,
}

impl Demo {
    /// A title and what happens, in one or two lines.
    fn tell(&self, command: &str, story: &str) {
        self.ui.note(&format!("\n$ {command}"));
        for line in story.lines() {
            self.ui.note(&format!("# {line}"));
        }
    }

    fn write(&self, path: &str, bytes: &[u8]) -> Result<()> {
        Ok(fs::write(&self.ctx.root.join(path), bytes)?)
    }

    /// The sample project with its history, made ready for relkit.
    fn project(&self) -> Result<Git> {
        self.ui.note(&format!(
            "A small project, `{}`, is written to {}:\na Python package and a Swift framework around one core, three commits after v0.1.0,\none changelog line by a person.",
            sample::NAME,
            self.ctx.root
        ));
        let git = Git::init(&self.ctx.root)?;
        for commit in sample::HISTORY {
            for (path, text) in commit.files {
                self.write(path, text.as_bytes())?;
            }
            git.commit_all(&self.ctx, commit.message, commit.tag)?;
        }
        let (path, text) = sample::TEST_REPORT;
        self.write(path, text.as_bytes())?;

        self.tell(
            "relkit init",
            "Looks at the repository and writes relkit.toml: what is released, and what must be true before.",
        );
        init::run(
            &self.ctx,
            &self.ui,
            &init::Args {
                dry_run: DryRun::default(),
            },
        )?;
        fs::append(&self.ctx.root.join(".gitignore"), "/reports/\n/build/\n")?;
        self.policy()?;
        git.commit_all(&self.ctx, "ci: release with relkit\n", None)?;
        Ok(git)
    }

    /// What a maintainer adds to the configuration: the framework, and the demand for signatures.
    fn policy(&self) -> Result<()> {
        let path = self.ctx.root.join("relkit.toml");
        let text = fs::read_text(&path)?.unwrap_or_default();
        let text = sample::policy(&text);
        fs::write(&path, text.as_bytes())?;
        self.ui.note("# (The demo adds two outputs and two rows to it: signatures, and checksums that hold.)");
        Ok(())
    }

    fn release(&self, git: &Git, version: &Version) -> Result<()> {
        self.tell(
            "relkit bump 0.2.0 --rc 1",
            "One version, spelled as each ecosystem wants it; the changelog; one commit and one tag, or nothing.",
        );
        bump::run(
            &self.ctx,
            &self.ui,
            &bump::Args {
                version: version.base(),
                rc: version.pre.map(|pre| pre.number),
                dry_run: DryRun::default(),
            },
        )?;
        self.show("CHANGELOG.md", "## [0.2.0-rc1]")?;

        self.build(version)?;
        self.artifacts(version)?;

        self.tell(
            "relkit candidate",
            "Checks every row of the gate and binds artifacts, evidence, policy and commit by digest in one report.",
        );
        candidate::run(&self.ctx, &self.ui, &candidate::Args::default())?;

        self.tell(
            "relkit publish",
            "Hashes everything again, and publishes only because the report says: these very bytes are ready.",
        );
        publish::run(&self.ctx, &self.ui, &publish::Args::default())?;

        self.tell(
            "relkit publish --check",
            "Reads back what was published. `pip download` and `sha256sum -c` can read that directory, too.",
        );
        publish::run(&self.ctx, &self.ui, &publish::Args::check())?;
        git.head().map(drop).map_err(Error::from)
    }

    /// What a build leaves: a wheel with a library in it, tagged as if it were pure, and a framework.
    fn build(&self, version: &Version) -> Result<()> {
        self.tell(
            "make",
            "Your build goes here; relkit gates what any builder made. The demo writes a wheel with a small\nmacOS library in it, tagged as if it were pure Python, and a framework, without a compiler.",
        );
        let path = format!("build/{}", sample::native_wheel_name(version));
        let named = PublicPath::new(path.as_str())?;
        let wheel = sample::native_wheel(version).map_err(|source| {
            ApplyError::from(PackageError::Archive {
                path: named,
                source,
            })
        })?;
        self.write(&path, &wheel)?;
        self.ui.status("Built", &path);
        let directory = format!("build/{}", sample::FRAMEWORK);
        for entry in sample::framework(version) {
            let place = self.ctx.root.join(&directory).join(&entry.path);
            match entry.kind {
                Kind::File(bytes) | Kind::Executable(bytes) => fs::write(&place, &bytes)?,
                Kind::Symlink(target) => fs::symlink(&place, &target)?,
            }
        }
        self.ui.status("Built", &directory);
        Ok(())
    }

    /// From what was built to what is published: an honest tag, one archive, signatures.
    fn artifacts(&self, version: &Version) -> Result<()> {
        let built = format!("build/{}", sample::native_wheel_name(version));
        let tag = sample::NATIVE_TAG;
        self.tell(
            &format!("relkit wheel retag {built} --tag {tag} -o dist"),
            "The honest tag: WHEEL, RECORD and the file name agree, and no byte besides changes.",
        );
        wheel::retag(
            &self.ctx,
            &self.ui,
            &wheel::RetagArgs::to(built, tag, "dist"),
        )?;

        let framework = format!("build/{}", sample::FRAMEWORK);
        let archive = format!("dist/{}.zip", sample::FRAMEWORK);
        self.tell(
            &format!("relkit xcframework package {framework} -o {archive}"),
            "One archive, links kept, the same bytes on every machine; its checksum is on stdout.",
        );
        let package = xcframework::PackageArgs::new(framework, &archive);
        xcframework::package(&self.ctx, &self.ui, &package)?;

        let files = [sample::wheel_path(version), archive];
        self.tell(
            &format!("relkit sign {}", files.join(" ")),
            "Sigstore bundles, made offline by an instance of this project's own; it says what it is.",
        );
        let files = files.map(Utf8PathBuf::from).to_vec();
        sign::run(&self.ctx, &self.ui, &sign::Args::local(files))
    }

    /// One changed byte closes the gate.
    fn refusal(&self, version: &Version) -> Result<Error> {
        let path = sample::wheel_path(version);
        let place = self.ctx.root.join(&path);
        let good = fs::read(&place)?;
        let mut bad = good.clone();
        if let Some(byte) = bad.last_mut() {
            *byte ^= 1;
        }
        self.tell(
            "relkit publish",
            "The same command again. But meanwhile somebody has changed one byte of the wheel.",
        );
        fs::write(&place, &bad)?;
        let refused = publish::run(&self.ctx, &self.ui, &publish::Args::default());
        fs::write(&place, &good)?;
        let Err(error) = refused else {
            return Err(UsageError::GateOpen.into());
        };
        if self.ui.volume() > Volume::Quiet {
            self.ui.error(&error);
        }
        self.ui.note(&format!(
            "# The gate is closed: exit code {}, and nothing was sent. (The byte is back in its place.)",
            error.exit_code()
        ));
        Ok(error)
    }

    /// Shows the section of `path` that begins with `heading`.
    fn show(&self, path: &str, heading: &str) -> Result<()> {
        let text = fs::read_text(&self.ctx.root.join(path))?.unwrap_or_default();
        let lines = text
            .lines()
            .skip_while(|line| !line.starts_with(heading))
            .enumerate()
            .take_while(|(n, line)| *n == 0 || !line.starts_with("## "));
        for (_, line) in lines.filter(|(_, line)| !line.is_empty()) {
            self.ui.note(&format!("             | {line}"));
        }
        Ok(())
    }

    fn what_next(&self) {
        let root: &Utf8Path = &self.ctx.root;
        self.ui.note(&format!(
            "\nAll of it is there to look at: {root}\n\
             \x20 .relkit/out/release_candidate_report.md   what was found, for people\n\
             \x20 .relkit/out/published/                    what was published\n\
             \x20 relkit.toml                               the gate\n\
             (Its keys are there, too: `export RELKIT_DATA_DIR={root}/.relkit/out/data` before you go on in it.)\n\
             Next, in your own repository: `relkit init -n`, then `relkit bump 0.2.0 --rc 1 -n`. Both only look.\n\
             README.md tells the rest; `relkit explain candidate.artifact_changed` explains the refusal."
        ));
    }
}
