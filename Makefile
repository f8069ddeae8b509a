# louyu_lab. Needs Python >= 3.11, git and make; everything else comes from uv.lock.
# Without make (Windows): python -m pip install uv, then uv run louyu run.

PYTHON ?= python3
UV_VERSION := 0.13.9
UV := $(or $(shell command -v uv 2>/dev/null),.tools/bin/uv)
BIN := .venv/bin

# The interpreter is the one that is there: uv never downloads another.
export UV_PYTHON_DOWNLOADS := never
export UV_PYTHON := $(PYTHON)

.DEFAULT_GOAL := help
.PHONY: help env run test notebooks lab bench clean

help: ## 列出可用的命令
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /	/' | while IFS='	' read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

env: .venv/.synced ## 按 uv.lock 建立环境

.venv/.synced: uv.lock pyproject.toml | $(UV)
	$(UV) sync --locked --compile-bytecode
	@touch $@

.tools/bin/uv:
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet uv==$(UV_VERSION)

run: env ## 运行年度研究；其他台账：make run ARGS="--data 文件夹 --year 2020"
	@out=$$($(BIN)/louyu run $(ARGS)); code=$$?; \
	if [ -n "$$out" ]; then echo "$$(echo "$$out" | tail -n 1)/study.html"; fi; exit $$code

test: env ## 检查代码、运行测试、重跑并比对笔记本
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest -n 2 --dist loadfile tests
	$(BIN)/python -m pytest -n 2 --dist loadfile --nbval --nbval-current-env notebooks

notebooks: env ## 在演示城区上重新执行笔记本，更新其中的输出
	OMP_NUM_THREADS=1 $(BIN)/jupyter nbconvert --log-level=ERROR --to notebook --execute --inplace \
		--ExecutePreprocessor.record_timing=False --ExecutePreprocessor.extra_arguments=--IPKernelApp.log_level=50 notebooks/[0-9]*.ipynb

lab: env ## 在 JupyterLab 中打开笔记本
	$(BIN)/louyu lab

bench: env ## 测量速度
	for each in tests/benchmarks/*.py; do $(BIN)/python $$each || exit; done

clean: ## 删除环境和缓存（outputs/ 里的研究结果保留）
	rm -rf .venv .tools .pytest_cache .ruff_cache .hypothesis
	find louyu_lab tests notebooks -name __pycache__ -o -name .ipynb_checkpoints | xargs rm -rf
