"""Records what PyTorch and Hugging Face's Llama compute for two tiny models: the engine's ground truth.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch numpy transformers
    /tmp/venv/bin/python Tests/Fixtures/engine/record.py

Writes tied.tensors and untied.tensors beside itself: a line "name dimension..." per tensor, an empty line, then all
values as little-endian fp32 (ids are exact in fp32).
"""

import pathlib

import torch
from transformers import LlamaConfig, LlamaForCausalLM

ROWS, LENGTH, VOCABULARY, STEPS = 2, 16, 96, 2
# With the usual epsilon of 1e-8 Adam turns gradients that are mere rounding noise into whole steps.
OPTIONS = dict(lr=1e-3, betas=(0.9, 0.95), eps=1e-5)
DECAY, CLIP = 0.1, 0.5


def build(tied, seed):
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        intermediate_size=48, max_position_embeddings=LENGTH, rms_norm_eps=1e-5, tie_word_embeddings=tied,
        rope_theta=10000.0, attention_bias=False, mlp_bias=False)
    config._attn_implementation = "eager"
    model = LlamaForCausalLM(config).float()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() == 1:
                parameter.copy_(1 + 0.2 * torch.randn_like(parameter))
            else:
                parameter.copy_(0.2 * torch.randn_like(parameter))
    return model


def mean_loss(model, ids, targets):
    logits = model(ids).logits
    return logits, torch.nn.functional.cross_entropy(logits.view(-1, VOCABULARY), targets.view(-1), ignore_index=-1)


def record(tied, seed):
    model = build(tied, seed)
    ids = torch.randint(0, VOCABULARY, (ROWS, LENGTH))
    targets = torch.randint(0, VOCABULARY, (ROWS, LENGTH))
    targets[0, 3] = targets[1, 0] = targets[1, 15] = -1
    named = list(model.named_parameters())
    tensors = [("ids", ids), ("targets", targets)]
    tensors += [("weights/" + name, value.detach().clone()) for name, value in named]
    optimizer = torch.optim.AdamW(
        [dict(params=[p for _, p in named if p.dim() > 1], weight_decay=DECAY),
         dict(params=[p for _, p in named if p.dim() == 1], weight_decay=0.0)], **OPTIONS)
    for step in range(STEPS):
        optimizer.zero_grad()
        logits, loss = mean_loss(model, ids, targets)
        loss.backward()
        if step == 0:
            tensors += [("logits", logits.detach()), ("loss", loss.detach().view(1))]
            tensors += [("gradient/" + name, value.grad.clone()) for name, value in named]
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        if step == 0:
            tensors += [("gradient_norm", norm.view(1))]
        optimizer.step()
    tensors += [("stepped/" + name, value.detach()) for name, value in named]
    path = pathlib.Path(__file__).parent / ("tied.tensors" if tied else "untied.tensors")
    with open(path, "wb") as file:
        for name, value in tensors:
            file.write((" ".join([name, *map(str, value.shape)]) + "\n").encode())
        file.write(b"\n")
        for _, value in tensors:
            file.write(value.contiguous().float().numpy().astype("<f4").tobytes())
    print(path.name, "loss", loss.item(), "gradient norm", norm.item())


record(tied=True, seed=1)
record(tied=False, seed=2)
