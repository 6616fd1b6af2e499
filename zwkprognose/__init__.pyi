"""The public names for type checkers, which cannot follow names that are fetched when first used."""

from zwkprognose.engine.balance import check_balance as check_balance
from zwkprognose.engine.prepare import prepare as prepare
from zwkprognose.engine.project import project as project
from zwkprognose.evaluation.decompose import decompose as decompose
from zwkprognose.evaluation.hindcast import hindcast as hindcast
from zwkprognose.evaluation.intervals import intervals as intervals
from zwkprognose.evaluation.score import score as score
from zwkprognose.examples.load import load_example as load_example
from zwkprognose.inputs.build import build_inputs as build_inputs
from zwkprognose.output.account import trace as trace
from zwkprognose.output.aggregate import aggregate as aggregate
from zwkprognose.output.demand import demand as demand
from zwkprognose.output.files.netcdf import open_netcdf as open_netcdf
from zwkprognose.output.files.netcdf import write_netcdf as write_netcdf
from zwkprognose.output.indicators import indicators as indicators
from zwkprognose.output.profiles.one import profile as profile
from zwkprognose.output.publication.publish import publish as publish
from zwkprognose.output.report.page import write_report as write_report
from zwkprognose.output.summary import summary as summary
from zwkprognose.output.workbook.workbook import write_excel as write_excel
from zwkprognose.plots.components import plot_components as plot_components
from zwkprognose.plots.coverage import plot_coverage as plot_coverage
from zwkprognose.plots.decomposition import plot_decomposition as plot_decomposition
from zwkprognose.plots.lexis import plot_lexis as plot_lexis
from zwkprognose.plots.map import plot_map as plot_map
from zwkprognose.plots.pyramid import plot_pyramid as plot_pyramid
from zwkprognose.plots.small_multiples import plot_small_multiples as plot_small_multiples
from zwkprognose.plots.trend import plot_trend as plot_trend
from zwkprognose.projects.year import compare_year as compare_year
from zwkprognose.rates.estimate import estimate_rates as estimate_rates
from zwkprognose.scenarios.scenario import Scenario as Scenario
from zwkprognose.tables.check import check as check
from zwkprognose.tables.findings import Findings as Findings
from zwkprognose.tables.read import read_table as read_table

__version__: str
