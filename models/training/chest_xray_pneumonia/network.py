"""The network: crop to the lungs, features of film and crop, one linear layer per finding, exact maps.

Lungs are found by the shipped heart size network, whose graph is part of this one; features come from
EfficientNet-Lite0 with the weights it learned on photographs (ImageNet), which stay as they are.
"""

import torch
from torch import nn

from models.training.chest_findings.features import Backbone
from models.training.chest_xray_pneumonia import settings

CHANNELS = 1392
"""Of the backbone's maps: 1,280 of its end and 112 of its middle."""


class Cropped(nn.Module):
    """Film (1, 1, SIZE, SIZE) and probabilities of heart and lungs (1, 3, s, s) to what heads read.

    Returns maps (VIEWS, CHANNELS, GRID, GRID) of the film, of its crop and of the film made smaller,
    lungs (VIEWS, 1, GRID, GRID) on each, from LEAST to 1, and the crop's frame (1, 4): left, top, right,
    bottom as shares of the film.
    """

    def __init__(self) -> None:
        super().__init__()
        self.backbone = Backbone()

    def forward(
        self, image: torch.Tensor, organs: torch.Tensor
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
        both = [nn.functional.adaptive_avg_pool2d(each, settings.GRID) for each in (grown, inside)]
        small = self.backbone(_resized(image, settings.SMALL))
        maps = torch.cat(
            [self.backbone(torch.cat([image, pixels])), _resized(small, settings.GRID)]
        )
        inner = torch.cat([*both, both[0]])
        return maps, inner * (1 - settings.LEAST) + settings.LEAST, frame


def _resized(image: torch.Tensor, side: int) -> torch.Tensor:
    return nn.functional.interpolate(image, size=(side, side), mode="bilinear", align_corners=False)


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
    """As shipped: film and organs to scores (1, labels) and maps (1, labels, MAP, MAP), in logits.

    weights : (labels, VIEWS, CHANNELS) of the linear layers, and biases (labels,)
    usual : (VIEWS, CHANNELS, GRID, GRID) maps of the average training film, its lungs at their weight;
        a map of evidence says how much more or less than there a place of this film adds.
    """

    def __init__(self, weights: torch.Tensor, biases: torch.Tensor, usual: torch.Tensor) -> None:
        super().__init__()
        self.cropped = Cropped()
        self.register_buffer("weights", weights)
        self.register_buffer("biases", biases)
        self.register_buffer("beside", evidence(usual, weights))

    def forward(
        self, image: torch.Tensor, organs: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        maps, lungs, frame = self.cropped(image, organs)
        weighed = in_lungs(maps, lungs)
        logits = evidence(weighed, self.weights).mean(dim=(0, 2, 3)) * len(settings.VIEWS)
        logits = logits[None] + self.biases
        more = evidence(weighed, self.weights) - self.beside
        return torch.sigmoid(logits), on_film(more, frame, logits)


def in_lungs(maps: torch.Tensor, lungs: torch.Tensor) -> torch.Tensor:
    """Maps (n, c, g, g) at the weight of the lungs (n, 1, g, g), so that their mean is that of the lungs."""
    return maps * (lungs / lungs.mean(dim=(2, 3), keepdim=True))


def evidence(maps: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """What each place adds: (VIEWS, CHANNELS, g, g), (labels, VIEWS, CHANNELS) to (VIEWS, labels, g, g)."""
    each = [
        nn.functional.conv2d(maps[view][None], weights[:, view, :, None, None])
        for view in range(len(settings.VIEWS))
    ]
    return torch.cat(each)


def on_film(views: torch.Tensor, frame: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
    """Evidence (VIEWS, labels, GRID, GRID) on the film, (1, labels, MAP, MAP), with the logit as mean:
    what the usual film adds, and what resampling and smoothing lose, is spread evenly."""
    left, top, right, bottom = frame[0]
    steps = (torch.arange(settings.MAP) + 0.5) / settings.MAP
    across = ((steps - left) / (right - left) * 2 - 1)[None, :].expand(settings.MAP, settings.MAP)
    down = ((steps - top) / (bottom - top) * 2 - 1)[:, None].expand(settings.MAP, settings.MAP)
    film, crop = (views[0] + views[2])[None], views[1][None]
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
