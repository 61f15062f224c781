"""What golden runs are made of: the named cases, random networks, and those of model files."""
import json

from network import ACTIVATIONS


def dense(*units, act):
    """Alternate dense layers and activations: dense(5, 1, act=["tanh", "sigmoid"])."""
    layers = []
    for u, a in zip(units, act):
        layers.append({"type": "dense", "units": u})
        if a:
            layers.append({"type": a})
    return layers


SGD = {"type": "sgd", "learningRate": 0.05}
ADAM = {"type": "adam", "learningRate": 0.003}


def case(layers, input, loss="crossEntropy", optimizer=SGD, samples=64, batchSize=16, steps=30, tolerance=None, **more):
    return {"format": "gradscope-golden/1", "input": input, "layers": layers, "loss": loss, "optimizer": optimizer, **more,
            "samples": samples, "batchSize": batchSize, "steps": steps,
            "tolerance": tolerance or {"output": 1e-5, "grad": 1e-4, "loss": 1e-4, "final": 1e-3, "evaluation": 1e-3}}


CONV = {"type": "conv2d", "filters": 8, "kernel": 3, "padding": 1}
BN, RELU = {"type": "batchNorm"}, {"type": "relu"}

NAMED = {
    # the article's own example (section 4.1), with the gradient of the loss it prints
    "article": case(dense(5, 1, act=["tanh", "sigmoid"]), [10], "mse", {"type": "sgd", "learningRate": 0.01}, 100, 100, 1000, uniform=True),
    "xor-bce": case(dense(8, 8, 1, act=["tanh", "tanh", "sigmoid"]), [2], "binaryCrossEntropy", {"type": "sgd", "learningRate": 0.3}, 32, 8, 100),
    "odd-sizes": case(dense(13, 7, 3, act=["tanh", "sigmoid", None]), [7], samples=51, batchSize=17),
    "one-unit": case(dense(1, 1, act=["tanh", None]), [1], "mse", samples=5, batchSize=1),
    "wide": case(dense(257, 300, 10, act=["relu", "relu", None]), [129], batchSize=33, samples=66, steps=20),
    "momentum": case(dense(16, 4, act=["leakyRelu", None]), [12], optimizer={**SGD, "momentum": 0.9}),
    "nesterov-decay": case(dense(16, 4, act=["relu", None]), [12], optimizer={**SGD, "momentum": 0.9, "nesterov": True, "weightDecay": 0.01}),
    "adam": case(dense(16, 4, act=["tanh", None]), [12], optimizer=ADAM),
    "adamw": case(dense(16, 4, act=["gelu", None]), [12], optimizer={"type": "adamw", "learningRate": 0.003, "weightDecay": 0.05}),
    "rmsprop": case(dense(16, 4, act=["elu", None]), [12], optimizer={"type": "rmsprop", "learningRate": 0.003}),
    "adagrad": case(dense(16, 4, act=["silu", None]), [12], optimizer={"type": "adagrad", "learningRate": 0.03}),
    "mae": case(dense(16, 3, act=["sigmoid", None]), [12], "mae", {"type": "sgd", "learningRate": 0.01}),
    "schedule-exponential": case(dense(8, 4, act=["tanh", None]), [6], schedule={"type": "exponential", "factor": 0.9}),
    "softplus-huber": case(dense(16, 3, act=["softplus", None]), [12], "huber"),
    "clip-norm": case(dense(32, 4, act=["relu", None]), [12], clipNorm=0.5, optimizer={"type": "sgd", "learningRate": 0.5}),
    "schedule-step": case(dense(8, 4, act=["tanh", None]), [6], schedule={"type": "step", "every": 5, "factor": 0.5}),
    "schedule-cosine": case(dense(8, 4, act=["tanh", None]), [6], schedule={"type": "cosine", "steps": 30, "minimum": 0.001}),
    "batch-norm": case([{"type": "dense", "units": 16}, BN, RELU, {"type": "dense", "units": 4}], [12]),
    "layer-norm": case([{"type": "dense", "units": 16}, {"type": "layerNorm"}, RELU, {"type": "dense", "units": 4}], [12]),
    "residual": case([{"type": "dense", "units": 16}, RELU, {"type": "residual", "layers": dense(16, 16, act=["relu", None])}, RELU, {"type": "dense", "units": 4}], [12]),
    "concat": case([{"type": "concat", "branches": [[], dense(6, act=["tanh"])]}, {"type": "concat", "branches": [[], dense(6, act=["tanh"])]}, {"type": "dense", "units": 4}], [12]),
    "deep-sigmoid": case(dense(8, 8, 8, 8, 8, 8, 3, act=["sigmoid"] * 6 + [None]), [8], optimizer={"type": "sgd", "learningRate": 0.5}),
    "lenet5": case([{"type": "conv2d", "filters": 6, "kernel": 5, "padding": 2}, {"type": "tanh"}, {"type": "avgPool2d", "size": 2},
                    {"type": "conv2d", "filters": 16, "kernel": 5}, {"type": "tanh"}, {"type": "avgPool2d", "size": 2}, {"type": "flatten"},
                    *dense(120, 84, 10, act=["tanh", "tanh", None])], [1, 28, 28], samples=32, batchSize=8, steps=8),
    "vgg-block": case([CONV, RELU, CONV, RELU, {"type": "maxPool2d", "size": 2}, {"type": "flatten"}, {"type": "dense", "units": 5}], [3, 12, 12], steps=10),
    "resnet-block": case([{**CONV, "bias": False}, BN, RELU, {"type": "residual", "layers": [{**CONV, "filters": 12, "stride": 2, "bias": False}, BN, RELU, {**CONV, "filters": 12, "bias": False}, BN],
                          "shortcut": [{"type": "conv2d", "filters": 12, "kernel": 1, "stride": 2, "bias": False}, BN]}, RELU, {"type": "globalAvgPool2d"}, {"type": "dense", "units": 5}], [3, 9, 9], steps=10),
    "densenet-block": case([CONV, {"type": "concat", "branches": [[], [BN, RELU, {**CONV, "filters": 4}]]}, {"type": "concat", "branches": [[], [BN, RELU, {**CONV, "filters": 4}]]},
                            {"type": "globalAvgPool2d"}, {"type": "dense", "units": 5}], [3, 8, 8], steps=10),
    "inception-block": case([{"type": "concat", "branches": [[{**CONV, "kernel": 1, "padding": 0}, RELU], [{**CONV, "kernel": 1, "padding": 0}, RELU, CONV, RELU],
                             [{"type": "conv2d", "filters": 4, "kernel": 5, "padding": 2}, RELU], [{"type": "maxPool2d", "size": 3, "stride": 1, "padding": 1}, {**CONV, "kernel": 1, "padding": 0}]]},
                             {"type": "globalAvgPool2d"}, {"type": "dense", "units": 5}], [3, 8, 8], steps=10),
    "conv-options": case([{"type": "conv2d", "filters": 6, "kernel": 3, "stride": 2, "padding": 2, "dilation": 2}, {"type": "elu"}, {"type": "conv2d", "filters": 6, "kernel": 3, "groups": 3}, {"type": "gelu"},
                          {"type": "flatten"}, {"type": "dense", "units": 3}], [3, 13, 11], steps=10),
    # logits that a sigmoid rounds to 0 or 1, on either side of their targets; in one workgroup, and layer by layer
    "saturated-bce": case(dense(4, 6, act=["tanh", "sigmoid"]), [5], "binaryCrossEntropy", {"type": "sgd", "learningRate": 0.5}, 32, 16, 60,
                          outputBias=[[-200, 200, -90, 60, 25, -17.5]]),
    "saturated-branches": case([*dense(48, act=["tanh"]), {"type": "concat", "branches": [dense(3, act=["sigmoid"]), dense(2, act=["sigmoid"])]}], [5], "binaryCrossEntropy",
                               {"type": "sgd", "learningRate": 0.5}, 32, 16, 60, outputBias=[[-200, 30, 18], [120, -40]]),
}


def random_case(rng):
    """A random network of the kinds above, with sizes that fit no tile."""
    act = lambda: {"type": rng.choice(list(ACTIVATIONS))}
    optimizer = rng.choice([SGD, {**SGD, "momentum": 0.9}, {**SGD, "momentum": 0.8, "nesterov": True}, ADAM, {"type": "adamw", "learningRate": 0.002, "weightDecay": 0.1},
                            {"type": "rmsprop", "learningRate": 0.002}, {"type": "adagrad", "learningRate": 0.02}])
    batch = rng.choice([1, 2, 3, 5, 16, 17, 31, 64])
    loss = rng.choice(["crossEntropy", "mse", "huber", "binaryCrossEntropy"])
    norm = [{"type": rng.choice(["batchNorm", "layerNorm"])}] if batch > 4 and rng.random() < 0.5 else []
    bias = not norm  # a bias before batchNorm has no gradient, only rounding noise, which adam would amplify
    if rng.random() < 0.5:
        width = rng.randint(1, 70)
        inner = [{"type": "dense", "units": width, "bias": bias}, *norm, act()]
        block = rng.choice([inner, [{"type": "residual", "layers": inner}], [{"type": "concat", "branches": [[], inner]}]])
        layers = [{"type": "dense", "units": width}, act(), *block]
        shape = [rng.randint(1, 90)]
    else:
        c, k = rng.randint(1, 9), rng.choice([1, 3, 5])
        conv = {"type": "conv2d", "filters": c, "kernel": k, "padding": k // 2}
        inner = {**conv, "bias": bias}
        block = rng.choice([[inner, *norm, act()], [{"type": "residual", "layers": [inner, *norm, act()]}], [{"type": "concat", "branches": [[], [conv, act()]]}]])
        pool = rng.choice([[], [{"type": "maxPool2d", "size": 2}], [{"type": "avgPool2d", "size": 2}]])
        layers = [{**conv, "stride": rng.choice([1, 2])}, act(), *block, *pool, {"type": "flatten"}]
        shape = [rng.randint(1, 5), rng.randint(6, 19), rng.randint(6, 19)]
    layers += [{"type": "dense", "units": rng.randint(2, 11)}] + ([{"type": "sigmoid"}] if loss == "binaryCrossEntropy" else [])
    return case(layers, shape, loss, optimizer, samples=batch * 4, batchSize=batch, steps=12)


def model_case(path, samples, batch, steps, rate):
    """The network and training of a model file as a case; by plain sgd where a rate is given."""
    model = json.loads(path.read_text())
    if model.get("format") != "gradscope-model/1":
        raise SystemExit(f"{path}: found the format {model.get('format')!r}, expected 'gradscope-model/1'")
    more = {k: model[k] for k in ("schedule", "clipNorm") if k in model}
    optimizer = {"type": "sgd", "learningRate": rate} if rate else model["optimizer"]
    return case(model["layers"], model["input"], model["loss"], optimizer, samples, batch, steps, **more)
