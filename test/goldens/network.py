"""A network, optimizer and schedule of a model file, made of PyTorch's own."""
import torch
from torch import nn

ACTIVATIONS = {
    "relu": lambda s: nn.ReLU(),
    "leakyRelu": lambda s: nn.LeakyReLU(s.get("slope", 0.01)),
    "elu": lambda s: nn.ELU(s.get("alpha", 1.0)),
    "gelu": lambda s: nn.GELU(),
    "silu": lambda s: nn.SiLU(),
    "tanh": lambda s: nn.Tanh(),
    "sigmoid": lambda s: nn.Sigmoid(),
    "softplus": lambda s: nn.Softplus(),
}


class Residual(nn.Module):
    """y = layers(x) + shortcut(x); an empty shortcut is the identity."""

    def __init__(self, layers, shortcut):
        super().__init__()
        self.layers, self.shortcut = layers, shortcut

    def forward(self, x):
        return self.layers(x) + self.shortcut(x)


class Concat(nn.Module):
    """Concatenate the branches' outputs along the feature/channel axis; an empty branch is the identity."""

    def __init__(self, branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return torch.cat([b(x) for b in self.branches], dim=1)


def build(specs, shape):
    """Build nn.Sequential from layer specs for one sample of `shape`; return (module, output shape)."""
    modules = []
    for s in specs:
        kind = s["type"]
        if kind == "dense":
            m = nn.Linear(shape[0], s["units"], bias=s.get("bias", True))
        elif kind in ACTIVATIONS:
            m = ACTIVATIONS[kind](s)
        elif kind == "conv2d":
            m = nn.Conv2d(shape[0], s["filters"], s["kernel"], stride=s.get("stride", 1), padding=s.get("padding", 0),
                          dilation=s.get("dilation", 1), groups=s.get("groups", 1), bias=s.get("bias", True))
        elif kind == "maxPool2d":
            m = nn.MaxPool2d(s["size"], stride=s.get("stride", s["size"]), padding=s.get("padding", 0))
        elif kind == "avgPool2d":
            m = nn.AvgPool2d(s["size"], stride=s.get("stride", s["size"]))
        elif kind == "globalAvgPool2d":
            m = nn.Sequential()
            m.forward = lambda x: x.mean(dim=(2, 3))
        elif kind == "flatten":
            m = nn.Flatten()
        elif kind == "batchNorm":
            m = (nn.BatchNorm1d if len(shape) == 1 else nn.BatchNorm2d)(shape[0], eps=s.get("eps", 1e-5), momentum=s.get("momentum", 0.1))
        elif kind == "layerNorm":
            m = nn.LayerNorm(shape, eps=s.get("eps", 1e-5))
        elif kind == "residual":
            m = Residual(build(s["layers"], shape)[0], build(s.get("shortcut", []), shape)[0])
        elif kind == "concat":
            m = Concat([build(b, shape)[0] for b in s["branches"]])
        else:
            raise ValueError(f"unknown layer {kind}")
        m.eval()
        with torch.no_grad():
            shape = list(m(torch.zeros(2, *shape)).shape[1:])
        m.train()
        modules.append(m)
    return nn.Sequential(*modules), shape


def parameter_names(module, specs, prefix="layers"):
    """Yield (our name, tensor) for parameters and running statistics, in our file naming."""
    for i, s in enumerate(specs):
        m, p = module[i], f"{prefix}.{i}"
        if s["type"] == "residual":
            yield from parameter_names(m.layers, s["layers"], f"{p}.layers")
            yield from parameter_names(m.shortcut, s.get("shortcut", []), f"{p}.shortcut")
        elif s["type"] == "concat":
            for b, branch in enumerate(s["branches"]):
                yield from parameter_names(m.branches[b], branch, f"{p}.branches.{b}")
        else:
            for name, t in list(m.named_parameters()) + list(m.named_buffers()):
                if name != "num_batches_tracked":
                    yield f"{p}.{name}", t


def optimizer_of(spec, params):
    lr, wd, kind = spec["learningRate"], spec.get("weightDecay", 0.0), spec["type"]
    if kind == "sgd":
        return torch.optim.SGD(params, lr, momentum=spec.get("momentum", 0.0), nesterov=spec.get("nesterov", False), weight_decay=wd)
    if kind in ("adam", "adamw"):
        cls = torch.optim.Adam if kind == "adam" else torch.optim.AdamW
        return cls(params, lr, betas=(spec.get("beta1", 0.9), spec.get("beta2", 0.999)), eps=spec.get("eps", 1e-8), weight_decay=wd)
    if kind == "rmsprop":
        return torch.optim.RMSprop(params, lr, alpha=spec.get("decay", 0.99), eps=spec.get("eps", 1e-8), weight_decay=wd)
    if kind == "adagrad":
        return torch.optim.Adagrad(params, lr, eps=spec.get("eps", 1e-10), weight_decay=wd)
    raise ValueError(f"unknown optimizer {kind}")


def schedule_of(spec, optimizer, steps):
    if not spec:
        return None
    kind = spec["type"]
    if kind == "step":
        return torch.optim.lr_scheduler.StepLR(optimizer, spec["every"], spec["factor"])
    if kind == "exponential":
        return torch.optim.lr_scheduler.ExponentialLR(optimizer, spec["factor"])
    if kind == "cosine":
        return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, spec["steps"], spec.get("minimum", 0.0))
    raise ValueError(f"unknown schedule {kind}")


def logits_of(net, specs, x):
    """The network without the sigmoids that it ends in."""
    *before, last = specs
    if last["type"] == "flatten":
        return net[-1](logits_of(net[:-1], before, x))
    x = net[:-1](x)
    if last["type"] == "sigmoid":
        return x
    return torch.cat([logits_of(branch, s, x) for branch, s in zip(net[-1].branches, last["branches"])], dim=1)


def binary_cross_entropy(logits, y):
    """BCELoss of the sigmoid, its logarithms clamped at -100 as BCELoss clamps them, from the logits: by way of the probability even float64 loses
    1 - p from logit 37 on, and BCELoss's gradient from 27 on, where it clamps the divisor p (1 - p). The gradient is sigmoid(logit) - y everywhere."""
    exact = nn.functional.binary_cross_entropy_with_logits(logits, y)
    one, zero = ((z.relu() + (-z.abs()).exp().log1p()).clamp(max=100) for z in (-logits, logits))
    return exact + ((y * one + (1 - y) * zero).mean() - exact).detach()


LOSSES = {"mse": nn.MSELoss, "crossEntropy": nn.CrossEntropyLoss, "mae": nn.L1Loss, "huber": nn.HuberLoss}
