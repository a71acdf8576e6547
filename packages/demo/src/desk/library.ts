/** One page that the researcher can find. */
export interface Page {
  url: string
  title: string
  text: string
}

/** A small library on the subjects of the demo; the host `slow-archive.example` never answers in time. */
export const LIBRARY: readonly Page[] = [
  {
    url: 'https://energy.example/heat-pumps-cold-climate',
    title: 'Heat pumps in cold climates',
    text: 'Air-source heat pumps with variable-speed compressors keep a coefficient of performance of about 2 at -15 °C. At +7 °C the same machines reach 3.5 to 4.5. Sweden, Norway and Finland have the most heat pumps per household in Europe, although their winters are among the coldest. Below the design temperature an electric element helps; over a season it supplies only a few per cent of the heat.',
  },
  {
    url: 'https://energy.example/heat-pump-costs',
    title: 'What a heat pump costs to run',
    text: 'Running cost depends on the ratio of the electricity price to the gas price and on the seasonal performance factor. With a factor of 3.2, electricity may cost up to three times as much as gas per kilowatt hour before a gas boiler is cheaper. Weather-compensated flow temperatures below 50 °C usually matter more than the choice of brand.',
  },
  {
    url: 'https://cables.example/undersea-internet-cables',
    title: 'Undersea internet cables',
    text: 'More than 95 per cent of intercontinental data travels through undersea fibre cables. A modern cable is about as thick as a garden hose and carries between 8 and 24 fibre pairs. Repeaters every 60 to 100 kilometres amplify the light. Ships repair about 200 faults a year, most of them caused by fishing gear and anchors.',
  },
  {
    url: 'https://slow-archive.example/cable-faults-statistics',
    title: 'Undersea cable faults and their causes, statistics',
    text: 'Fishing and anchoring cause about two thirds of all undersea cable faults. Natural hazards such as turbidity currents and earthquakes account for less than a fifth.',
  },
  {
    url: 'https://rail.example/gotthard-base-tunnel',
    title: 'The Gotthard Base Tunnel',
    text: 'The Gotthard Base Tunnel in Switzerland is 57.1 kilometres long and opened on 1 June 2016. Four tunnel boring machines with a diameter of about 9.5 metres drove most of its two tubes. At most 2,300 metres of rock lie above it, where the rock is up to 46 °C warm. Building it took 17 years from the main contract works to the opening.',
  },
  {
    url: 'https://rail.example/tunnel-boring-machines',
    title: 'How tunnel boring machines work',
    text: 'A tunnel boring machine turns a cutter head with steel discs against the rock. In hard rock it advances 10 to 20 metres a day, with best days above 40. Rings of precast concrete segments or anchors and shotcrete secure the wall behind it. Wear of the discs and unexpected fault zones cause most delays.',
  },
  {
    url: 'https://crops.example/coffee-leaf-rust',
    title: 'Coffee leaf rust',
    text: 'Coffee leaf rust is caused by the fungus Hemileia vastatrix. It reached Ceylon in 1869 and ended coffee growing there within two decades. Arabica is more susceptible than robusta. Resistant hybrids, shade management and copper fungicides are the usual means against it. The epidemic of 2012 in Central America cut the harvest of some countries by more than 30 per cent.',
  },
  {
    url: 'https://crops.example/coffee-climate',
    title: 'Coffee and a warmer climate',
    text: 'Arabica grows best between 18 and 22 °C. Warmer nights let leaf rust climb to altitudes that used to be safe. Studies expect that about half of the land suited to coffee today will be less suited by 2050. Growers move uphill, change varieties or plant shade trees.',
  },
  {
    url: 'https://space.example/voyager-1',
    title: 'Voyager 1',
    text: 'Voyager 1 was launched on 5 September 1977 and entered interstellar space in August 2012. Its radio signal needs more than 22 hours to reach the Earth. Science data arrive at 160 bits per second. Three radioisotope generators gave about 470 watts at launch; the output falls by about 4 watts a year.',
  },
  {
    url: 'https://space.example/deep-space-network',
    title: 'The Deep Space Network',
    text: 'The Deep Space Network has stations near Goldstone, Madrid and Canberra, about 120 degrees of longitude apart. Each has a dish of 70 metres and several of 34 metres. Only the dish in Canberra can send commands to Voyager 2. Receivers are cooled to a few kelvin so that their own noise does not drown the signal.',
  },
  {
    url: 'https://materials.example/aluminium-recycling',
    title: 'Recycling aluminium',
    text: 'Recycled aluminium needs about 5 per cent of the energy of primary metal. About three quarters of all aluminium ever made is still in use. Drink cans can be back on the shelf within 60 days. Alloys that are mixed in the scrap limit what the metal can be used for, so sorting matters.',
  },
  {
    url: 'https://food.example/sourdough',
    title: 'Sourdough fermentation',
    text: 'A sourdough starter is a stable community of lactic acid bacteria and wild yeasts. Bacteria usually outnumber yeasts by about one hundred to one. Cooler and stiffer doughs favour acetic acid, warmer and wetter ones lactic acid. The acids slow staling and let the baker use less salt.',
  },
  {
    url: 'https://health.example/vaccine-cold-chain',
    title: 'The cold chain of vaccines',
    text: 'Most vaccines must stay between 2 and 8 °C from the factory to the patient. The first mRNA vaccines needed -70 °C for long storage because lipid nanoparticles and RNA degrade. Freezing damages vaccines that contain aluminium salts. Vial monitors change colour when a vial has been warm for too long.',
  },
  {
    url: 'internal://reports/heat-pump-margins',
    title: 'Internal report: margins in the heat pump business',
    text: 'The gross margin on heat pumps was 21 per cent in the last quarter, two points more than in the quarter before. Compressors are the dearest part. Service contracts earn more than the machines.',
  },
]
