/// Given names that are common in English texts and are hardly ever another word: the census's usual ones, without those
/// that are also months, virtues, flowers, places or verbs (April, Grace, Rose, Virginia, Mark).
enum GivenNames {
  static let english = NameTable(
    """
    james robert john michael david william richard joseph thomas christopher charles daniel matthew anthony donald steven andrew \
    paul joshua kenneth kevin brian george timothy ronald jason edward jeffrey ryan jacob gary nicholas eric jonathan stephen larry \
    justin scott brandon benjamin samuel gregory alexander patrick frank raymond jack dennis jerry tyler aaron jose adam nathan henry \
    zachary douglas peter kyle noah ethan jeremy walter christian keith austin roger terry sean gerald carl harold dylan arthur lawrence \
    jordan jesse bryan billy bruce gabriel joe logan alan juan albert willie elijah wayne randy vincent mason roy ralph bobby russell \
    bradley philip eugene craig derek shawn travis stanley leonard nathaniel allen curtis theodore clarence glenn travis chad jim tom \
    mike steve dave bob bill jeff greg tim dan matt chris nick tony sam ben alex andy ken ron fred ted phil doug harry martin louis \
    leon maurice ernest edwin howard clifford duane derrick jared cody colin brett brent darren dustin wesley micheal marcus tyrone \
    alejandro antonio carlos luis miguel jorge pedro francisco ricardo manuel javier fernando roberto eduardo sergio mario alfredo \
    hector ruben ramon raul oscar alberto andre julian adrian simon hugh oliver liam connor ian graham nigel trevor malcolm neil \
    mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra margaret ashley kimberly emily \
    donna michelle carol amanda melissa deborah stephanie rebecca sharon laura cynthia dorothy amy kathleen angela shirley emma brenda \
    pamela nicole anna samantha katherine christine debra rachel carolyn janet maria olivia heather helen catherine diane julie \
    victoria joyce lauren kelly christina ruth joan evelyn judith andrea hannah megan cheryl jacqueline martha madison teresa gloria \
    sara janice ann kathryn abigail sophia frances jean alice judy isabella julia denise amber theresa beverly danielle marilyn \
    charlotte natalie diana brittany doris kayla alexis lori marie jane tiffany kathy tammy crystal tracy erin jill monica valerie \
    leslie lindsay erica katie jenna jenny molly wendy peggy bonnie lucy ellen rita connie sheila sherry tina tara stacy dana gina \
    vanessa veronica natasha anita claire kristen kristin kristina kelsey courtney chelsea allison alyssa jasmine cassandra caitlin \
    gabriela gabrielle mariah miranda yolanda yvonne yvette sonya tonya tanya tamara latoya regina renee roberta rhonda robin \
    sabrina selena sierra susana sydney terri traci vicki vivian wanda jodi jody joann joanna joanne johnny jon josephine juanita \
    angelica arthur audrey bethany bridget candace carla carmen carrie casey cathy cindy claudia colleen cristina darlene deanna debbie \
    desiree ebony elaine eileen felicia gail gwendolyn holly jaime jeanette jeanne katrina kristy krystal laurie loretta lorraine \
    lynn mallory marcia marissa maureen meghan melanie melinda mercedes meredith misty morgan nina norma paige paula phyllis priscilla \
    raven rosemary sally shannon sheryl suzanne toni trisha whitney ariel bailey becky belinda bernard bernice bertha beth calvin \
    cameron chad cecil clayton clyde corey cory dale damon darrell darryl dean debbie devin don drew duane dwayne earl edgar edith elmer \
    esther ethel evan florence floyd francis franklin frederick garrett geoffrey gilbert glen gordon harvey herbert herman ivan jay \
    jamie jimmy joel karl kurt lance lee leroy lester lewis lloyd lonnie marvin max melvin milton mitchell nathan neal nelson norman \
    perry preston randall ray reginald rodney roland ross ruben salvador seth shane sidney spencer stuart todd tommy troy vernon victor \
    virgil warren wendell xavier
    """)
}
