"""Trains the bench's networks with PyTorch on an NVIDIA GPU, in float32 without TF32: eagerly, and as a CUDA graph.

    python3 bench/peers/torch_cuda.py [--device cuda|cpu] [--rounds 15] [--json FILE]

The weights and the data are those of bench/tasks.ts. The first losses are held to the same steps in float64 before anything is timed; every block ends
in a scalar that is read. The JSON is that of the bench (gradscope-bench/1), so that the page compares it with one of gradscope on the same card.
"""

import argparse
import datetime
import json
import math
import statistics
import time

import numpy
import torch

DIGITS = dict(sizes=[784, 256, 128, 10], hidden="tanh", loss="crossEntropy", batch=128)
TASKS = {
    "article": dict(sizes=[10, 5, 1], hidden="tanh", loss="mse", batch=100, optimizer="sgd", rate=0.01),
    "playground": dict(sizes=[2, 8, 8, 1], hidden="tanh", loss="mse", batch=32, optimizer="sgd", rate=0.03),
    "mnist-sgd": dict(DIGITS, optimizer="sgd", rate=0.1),
    "mnist-adam": dict(DIGITS, optimizer="adam", rate=0.001),
    "wide": dict(sizes=[1024, 1024, 1024, 1024, 10], hidden="relu", loss="crossEntropy", batch=256, optimizer="sgd", rate=0.01),
}
CHECKED_STEPS = 5
TOLERANCE = 1e-3
BLOCK_SECONDS = 0.15


def random_source(seed):
    """bench/random.ts: mulberry32, numbers in [0, 1)."""
    state = seed & 0xFFFFFFFF

    def following():
        nonlocal state
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        mixed = state
        mixed = ((mixed ^ (mixed >> 15)) * (mixed | 1)) & 0xFFFFFFFF
        mixed ^= (mixed + ((mixed ^ (mixed >> 7)) * (mixed | 61))) & 0xFFFFFFFF
        return ((mixed ^ (mixed >> 14)) & 0xFFFFFFFF) / 2**32

    return following


def random_numbers(count, seed, scale=1.0):
    following = random_source(seed)
    return numpy.array([(2 * following() - 1) * scale for _ in range(count)], numpy.float32)


def task_data(task):
    sizes, batch = task["sizes"], task["batch"]
    inputs, outputs = sizes[0], sizes[-1]
    x = random_numbers(batch * inputs, 1).reshape(batch, inputs)
    if task["loss"] == "crossEntropy":
        following = random_source(2)
        y = numpy.array([math.floor(following() * outputs) for _ in range(batch)])
    else:
        factors = numpy.arange(inputs) % 3 - 0.7
        y = (x.astype(numpy.float64) @ factors > 0).astype(numpy.float32).reshape(batch, 1)
    layers = []
    for i, width in enumerate(sizes[1:]):
        weight = random_numbers(sizes[i] * width, 10 + i, math.sqrt(3 / sizes[i])).reshape(sizes[i], width).T
        layers.append((weight, random_numbers(width, 50 + i, 0.1)))
    return x, y, layers


class Run:
    """One network in training; `step` returns the loss before the update, on the device."""

    def __init__(self, task, device, dtype):
        x, y, layers = task_data(task)
        self.x = torch.tensor(x, dtype=dtype, device=device)
        self.classes = task["loss"] == "crossEntropy"
        self.y = torch.tensor(y, device=device) if self.classes else torch.tensor(y, dtype=dtype, device=device)
        modules = []
        for i, (weight, bias) in enumerate(layers):
            linear = torch.nn.Linear(weight.shape[1], weight.shape[0])
            with torch.no_grad():
                linear.weight.copy_(torch.tensor(numpy.ascontiguousarray(weight)))
                linear.bias.copy_(torch.tensor(bias))
            last = i == len(layers) - 1
            modules += [linear] + ([] if last else [torch.nn.Tanh() if task["hidden"] == "tanh" else torch.nn.ReLU()])
        if not self.classes:
            modules.append(torch.nn.Sigmoid())
        self.model = torch.nn.Sequential(*modules).to(device=device, dtype=dtype)
        parameters = list(self.model.parameters())
        if task["optimizer"] == "sgd":
            self.optimizer = torch.optim.SGD(parameters, lr=task["rate"])
        else:
            capturable = dict(capturable=True) if device.type == "cuda" else {}
            self.optimizer = torch.optim.Adam(parameters, lr=task["rate"], betas=(0.9, 0.999), eps=1e-7, **capturable)

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        output = self.model(self.x)
        function = torch.nn.functional.cross_entropy if self.classes else torch.nn.functional.mse_loss
        loss = function(output, self.y)
        loss.backward()
        self.optimizer.step()
        return loss.detach()


class Eager:
    name = "pytorch-cuda"

    def __init__(self, task, device):
        self.run = Run(task, device, torch.float32)
        self.loss = None

    def losses(self, count):
        return [self.run.step().item() for _ in range(count)]

    def block(self, count):
        for _ in range(count):
            self.loss = self.run.step()
        return self.loss.item()


class Graph:
    """The whole step captured once and replayed (torch.cuda.CUDAGraph), after warming up on a side stream."""

    name = "pytorch-cuda-graph"

    def __init__(self, task, device):
        self.run = Run(task, device, torch.float32)
        first = [parameter.detach().clone() for parameter in self.run.model.parameters()]
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                self.run.step()
        torch.cuda.current_stream().wait_stream(stream)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.loss = self.run.step()
        # Back to the first weights, in place: the graph holds the addresses.
        with torch.no_grad():
            for parameter, value in zip(self.run.model.parameters(), first):
                parameter.copy_(value)
            for state in self.run.optimizer.state.values():
                for value in state.values():
                    if torch.is_tensor(value):
                        value.zero_()

    def losses(self, count):
        found = []
        for _ in range(count):
            self.graph.replay()
            found.append(self.loss.item())
        return found

    def block(self, count):
        for _ in range(count):
            self.graph.replay()
        return self.loss.item()


def timed(contestant, count):
    begun = time.perf_counter()
    contestant.block(count)
    return time.perf_counter() - begun


def measure(contestants, rounds):
    """Seconds a step, in interleaved rounds of blocks that take BLOCK_SECONDS or one step."""
    counts = []
    for contestant in contestants:
        timed(contestant, 3)
        count, taken = 1, timed(contestant, 1)
        while taken < BLOCK_SECONDS:
            count *= 2
            taken = timed(contestant, count)
        counts.append(count)
    times = [[] for _ in contestants]
    for _ in range(rounds):
        for contestant, count, found in zip(contestants, counts, times):
            found.append(timed(contestant, count) / count)
    return times


def row(name, engine, error, seconds=None, reason=None):
    about = dict(suite="training", name=name, engine=engine, unit="steps/s", error=error)
    if seconds is None:
        return dict(about, median=None, best=None, spread=None, blocks=0, ok=False, reason=reason)
    rates = sorted(1 / value for value in seconds)
    median = statistics.median(rates)
    low, high = numpy.quantile(rates, [0.25, 0.75])
    return dict(about, median=median, best=rates[-1], spread=(high - low) / median, blocks=len(rates), ok=True)


def rounds_of(text):
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"'{text}', expected a whole number from 1")
    return int(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda", help="cpu is for trying this script out")
    parser.add_argument("--rounds", type=rounds_of, default=15, help="blocks of each way to run (15)")
    parser.add_argument("--only", default="", help="beginning of a network's name")
    parser.add_argument("--json", help="writes the results")
    options = parser.parse_args()
    device = torch.device(options.device)
    chosen = {name: task for name, task in TASKS.items() if name.startswith(options.only)}
    if not chosen:
        parser.error(f"--only: no network begins with '{options.only}': there are {', '.join(TASKS)}")
    if options.json:
        try:
            open(options.json, "a").close()
        except OSError as error:
            parser.error(f"--json: {options.json} cannot be written ({error.strerror})")
    if options.device == "cuda" and not torch.cuda.is_available():
        parser.error("PyTorch finds no CUDA device here")
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    rows = []
    for name, task in chosen.items():
        reference = Run(task, torch.device("cpu"), torch.float64)
        expected = [reference.step().item() for _ in range(CHECKED_STEPS)]
        sound, errors = [], []
        for make in [Eager, Graph] if options.device == "cuda" else [Eager]:
            contestant = make(task, device)
            losses = contestant.losses(CHECKED_STEPS)
            error = max(abs(found - value) / abs(value) for found, value in zip(losses, expected))
            if error <= TOLERANCE:
                sound.append(contestant)
                errors.append(error)
            else:
                rows.append(row(name, make.name, error, reason=f"its first losses {losses} are not {expected}: not timed"))
        for contestant, error, seconds in zip(sound, errors, measure(sound, options.rounds)):
            rows.append(row(name, contestant.name, error, seconds))
            print(f"{name:12} {contestant.name:18} {rows[-1]['median']:10.1f} steps/s  error {error:.1e}", flush=True)
    adapter = torch.cuda.get_device_name() if options.device == "cuda" else "cpu"
    result = dict(
        format="gradscope-bench/1",
        adapter=adapter,
        browser=f"PyTorch {torch.__version__}",
        driver=str(torch.version.cuda),
        date=datetime.datetime.now(datetime.timezone.utc).isoformat().replace("+00:00", "Z"),
        rows=rows,
        ratios=[],
        numerics=[],
        rounds=options.rounds,
        notes=["float32 without TF32; eager, and the whole step as one CUDA graph."],
    )
    if options.json:
        with open(options.json, "w") as file:
            json.dump(result, file, indent=1)


if __name__ == "__main__":
    main()
