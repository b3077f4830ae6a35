"""The images that the Dockerfiles build on, with their digests: requirements/base-images.toml."""

import re
import subprocess
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from release.error import ReleaseError

SOURCE: Final = Path("requirements/base-images.toml")
DOCKERFILES: Final = (
    *(Path(f"services/{name}/Dockerfile") for name in ("ingester", "worker", "api", "upkeep")),
    Path("frontend/Dockerfile"),
)
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_ARGUMENT: Final = re.compile(r"^ARG (?P<name>[A-Z]+_IMAGE)=.*$", re.MULTILINE)


def read(root: Path) -> dict[str, str]:
    """Name of the Dockerfiles' argument and reference of the image."""
    found: dict[str, str] = tomllib.loads((root / SOURCE).read_text())
    return found


def with_images(text: str, images: Mapping[str, str]) -> str:
    """The text of SOURCE with other references."""
    for name, image in images.items():
        text = re.sub(rf'^{name} = ".*"$', f'{name} = "{image}"', text, flags=re.MULTILINE)
    return text


def in_dockerfile(text: str, images: Mapping[str, str]) -> str:
    """A Dockerfile whose image arguments have these defaults.

    Raises:
        KeyError: it builds on an image that is not among them.
    """
    return _ARGUMENT.sub(lambda found: f"ARG {found['name']}={images[found['name']]}", text)


def undigested(images: Mapping[str, str]) -> list[str]:
    return [image for image in images.values() if not _DIGEST.fullmatch(image.partition("@")[2])]


def renewed(images: Mapping[str, str], digest_of: Callable[[str], str]) -> dict[str, str]:
    """The same tags with the digests that `digest_of` tells for them."""
    tagged = {name: image.partition("@")[0] for name, image in images.items()}
    return {name: f"{image}@{digest_of(image)}" for name, image in tagged.items()}


def digest_from_registry(image: str) -> str:
    """Digest of the manifest list, which stands for all processor architectures.

    Raises:
        ReleaseError: there is no docker with buildx, or the registry does not answer.
    """
    command = ["docker", "buildx", "imagetools", "inspect", image, "--format", "{{.Manifest.Digest}}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise ReleaseError("docker with buildx is needed to ask a registry for digests, and is not on PATH") from error
    digest = done.stdout.strip()
    if done.returncode or not _DIGEST.fullmatch(digest):
        reason = (done.stderr or done.stdout).strip()
        raise ReleaseError(f"no digest of {image} from its registry: {reason}. Nothing was changed")
    return digest
