"""The previous model folder, from the history of the repository."""

import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def restore_model_before(model: Path, folder: Path) -> str | None:
    """Write the folder that `model` was before its weights last changed to `folder`; None, or why there is none."""
    path = model.resolve()
    if not path.is_relative_to(REPOSITORY):
        return f"{model} is not in this repository"
    name = path.relative_to(REPOSITORY).as_posix()
    changes = _git("log", "--format=%H", "-n", "1", "--", f"{name}/model.onnx")
    before = f"{changes.stdout.decode().strip()}^"
    files = _git("ls-tree", "--name-only", before, f"{name}/")
    if changes.returncode or files.returncode or not files.stdout:
        return "the history of the model folder is not here (a shallow clone, or no git)"
    for file in files.stdout.decode().split():
        (folder / Path(file).name).write_bytes(_git("show", f"{before}:{file}").stdout)
    return None


def _git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", "-C", str(REPOSITORY), *arguments], capture_output=True, check=False)  # noqa: S607
