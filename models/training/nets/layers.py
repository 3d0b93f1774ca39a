"""Building blocks shared by the three nets.

Purpose: convolution + batch norm + ReLU and the residual blocks made of it.
Invariant: every block folds into plain convolutions for export (`fold`).
Deliberately lacks depthwise 2-D convolutions, batching tricks and int8: all slower in the Rust runtime.
"""

import torch.nn.functional as F
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval


def conv(i: int, o: int, k, stride=1, padding=None, groups: int = 1, act: bool = True, dilation=1) -> nn.Sequential:
    if padding is None:
        padding = k // 2 if isinstance(k, int) else tuple(x // 2 for x in k)
    layers = [nn.Conv2d(i, o, k, stride, padding, dilation, groups, bias=False), nn.BatchNorm2d(o)]
    return nn.Sequential(*layers, nn.ReLU(inplace=True)) if act else nn.Sequential(*layers)


class Residual(nn.Module):
    """Two 3×3 convolutions; the first may be dilated, `dilation` = (vertical, horizontal)."""

    def __init__(self, channels: int, dilation=1):
        super().__init__()
        self.first = conv(channels, channels, 3, padding=dilation, dilation=dilation)
        self.second = conv(channels, channels, 3, act=False)

    def forward(self, x):
        return F.relu(x + self.second(self.first(x)))


class Bottleneck(nn.Module):
    """A 3×3 convolution, dilated by (vertical, horizontal), of few channels between two pointwise ones."""

    def __init__(self, channels: int, inner: int, dilation=1):
        super().__init__()
        self.body = nn.Sequential(conv(channels, inner, 1), conv(inner, inner, 3, padding=dilation, dilation=dilation), conv(inner, channels, 1, act=False))

    def forward(self, x):
        return F.relu(x + self.body(x))


class SequenceMixer(nn.Module):
    """Depthwise 1×k along the text, then a two-layer pointwise net."""

    def __init__(self, channels: int, k: int = 9):
        super().__init__()
        self.body = nn.Sequential(
            conv(channels, channels, (1, k), groups=channels), conv(channels, 2 * channels, 1), conv(2 * channels, channels, 1, act=False)
        )

    def forward(self, x):
        return F.relu(x + self.body(x))


def fold(module: nn.Module) -> nn.Module:
    """Fold batch norm into the convolutions, in place (evaluation mode only)."""
    for name, child in module.named_children():
        if isinstance(child, nn.Sequential) and len(child) >= 2 and isinstance(child[0], nn.Conv2d) and isinstance(child[1], nn.BatchNorm2d):
            setattr(module, name, nn.Sequential(fuse_conv_bn_eval(child[0], child[1]), *list(child)[2:]))
        else:
            fold(child)
    return module


def parameters(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())
