"""Members of the nodule ensemble of either kind, and the graph that averages them."""

import pytest

pytest.importorskip("torch", reason="the recipes' own libraries are not installed here")
pytest.importorskip("efficientnet_lite_pytorch")

import torch

from models.training.chest_ct_nodule import settings
from models.training.chest_ct_nodule.network import KINDS, Ensemble
from models.training.chest_ct_nodule.train import trained

PATCHES = (3, 1, settings.PIXELS, settings.PIXELS)


class Corner(torch.nn.Module):
    """Its logit is the upper left pixel, so that it tells which way the patch was turned."""

    def forward(self, patches: torch.Tensor) -> torch.Tensor:
        return patches[:, 0, 0, 0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_member_gives_one_logit_for_each_patch(kind: str) -> None:
    logits = KINDS[kind]().eval()(torch.randn(PATCHES))
    assert logits.shape == (3,)
    assert logits.std() > 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_checkpoint_gives_its_averaged_network_back(kind: str, tmp_path) -> None:
    torch.manual_seed(2)
    average = KINDS[kind]().eval()
    torch.save({"average": average.state_dict()}, tmp_path / "member.pt")
    patches = torch.randn(PATCHES)
    with torch.inference_mode():
        assert torch.equal(trained(tmp_path / "member.pt", kind)(patches), average(patches))


def test_every_member_of_the_settings_is_of_a_known_kind() -> None:
    assert {plan.kind for plan in settings.MEMBERS} <= set(KINDS)


def test_the_graph_averages_the_logits_of_members_and_mirrorings() -> None:
    patches = torch.zeros(PATCHES)
    patches[0, 0, 0, 0], patches[0, 0, -1, -1] = 3.0, 1.0
    scores = Ensemble([Corner(), Corner()], ((), (2, 3)))(patches)
    assert scores.shape == (3, 1)
    assert float(scores[0]) == pytest.approx(float(torch.sigmoid(torch.tensor(2.0))))
    assert float(scores[1]) == 0.5
